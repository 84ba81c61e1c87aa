package org.jadi.launcher.remote;

import java.util.ArrayList;
import java.util.List;
import org.jadi.bootstrap.JobSecret;
import org.jadi.launcher.job.JobPlan;
import org.jadi.launcher.job.ProgramPlan;
import org.jadi.launcher.program.Command;

/**
 * What an agent is told first. It has the job's secret in it, so it goes through the agent's standard input and nowhere else.
 *
 * @param group the agent itself, then those that it is to start
 * @param settings how
 * @param secret the job's secret
 * @param plan the job
 * @param interactive whether the user watches, so that unfinished lines are shown too
 * @param files names of the {@link StagedFiles} that a host needs first; none where hosts share a file system
 */
record AgentTask(List<AgentSpec> group, TreeSettings settings, JobSecret secret, JobPlan plan, boolean interactive,
        List<String> files) {
    byte[] encode() {
        BodyWriter out = new BodyWriter();
        AgentSpec.write(group, out);
        settings.write(out);
        out.text(secret.toHex());
        out.text(plan.jobId()).integer(plan.programs().size());
        for (ProgramPlan program : plan.programs()) {
            out.integer(program.ranks()).map(program.environment()).text(orEmpty(program.workingDirectory()));
            out.texts(program.command().words()).flag(program.command().isJvm());
            out.texts(program.command().isJvm() ? program.command().jvmWords() : List.of());
        }
        out.integer(plan.size()).map(plan.settings()).text(plan.jvmFlags()).text(plan.archive());
        out.integer(plan.debugPort()).flag(plan.debugSuspend()).text(plan.recordingDirectory()).flag(plan.verbose()).texts(plan.layout());
        out.flag(interactive).texts(files);
        return out.done();
    }

    static AgentTask decode(byte[] body) {
        BodyReader in = new BodyReader(body);
        List<AgentSpec> group = AgentSpec.read(in);
        TreeSettings settings = TreeSettings.read(in);
        JobSecret secret = JobSecret.fromHex(in.text());
        String jobId = in.text();
        List<ProgramPlan> programs = new ArrayList<>();
        for (int left = in.integer(); left > 0; left--) {
            int ranks = in.integer();
            var environment = in.map();
            String folder = in.text();
            folder = folder.isEmpty() ? null : folder;
            List<String> words = in.texts();
            boolean jvm = in.flag();
            List<String> jvmWords = in.texts();
            programs.add(new ProgramPlan(ranks, environment, folder, new Command(words, jvm ? jvmWords : null)));
        }
        JobPlan plan = new JobPlan(jobId, in.integer(), programs, in.map(), in.text(), in.text(), in.integer(), in.flag(),
                in.text(), in.flag(), in.texts());
        return new AgentTask(group, settings, secret, plan, in.flag(), in.texts());
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /** Returns the same task for another group. */
    AgentTask with(List<AgentSpec> other) {
        return new AgentTask(other, settings, secret, plan, interactive, files);
    }
}
