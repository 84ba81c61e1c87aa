package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1JobSpec;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/**
 * The manifests of examples/kubernetes against the model of the Kubernetes API, which refuses unknown fields and wrong
 * types, and against what the library reads. No cluster is asked; what a controller makes of them is not tested.
 */
class ManifestsTest {
    private static final Path FOLDER = Path.of("..", "..", "examples", "kubernetes").toAbsolutePath().normalize();
    private static final Set<String> JOBSET_FIELDS =
            Set.of("network", "failurePolicy", "successPolicy", "coordinator", "replicatedJobs", "suspend", "startupPolicy");

    private static List<JsonObject> documents(String text) {
        List<JsonObject> all = new ArrayList<>();
        new Yaml().loadAll(text).forEach(d -> all.add(new Gson().toJsonTree(d).getAsJsonObject()));
        return all;
    }

    private static String read(String file) throws IOException {
        return Files.readString(FOLDER.resolve(file));
    }

    @Test
    void indexedJobShouldBeValid() throws IOException {
        List<JsonObject> all = documents(read("indexed-job.yaml"));
        assertEquals(2, all.size());
        V1Service.validateJsonElement(all.get(0));
        V1Job.validateJsonElement(all.get(1));
        JsonObject service = all.get(0);
        JsonObject spec = all.get(1).getAsJsonObject("spec");
        assertEquals("None", service.getAsJsonObject("spec").get("clusterIP").getAsString(), "headless, or pods have no names");
        assertTrue(service.getAsJsonObject("spec").get("publishNotReadyAddresses").getAsBoolean());
        assertEquals("Indexed", spec.get("completionMode").getAsString());
        assertEquals(service.getAsJsonObject("metadata").get("name"),
                spec.getAsJsonObject("template").getAsJsonObject("spec").get("subdomain"));
        checkRanks(spec, "ring-0.ring:7077");
    }

    @Test
    void jobSetShouldBeValid() throws IOException {
        JsonObject set = documents(read("jobset.yaml")).getFirst();
        assertEquals("jobset.x-k8s.io/v1alpha2", set.get("apiVersion").getAsString());
        V1ObjectMeta.validateJsonElement(set.get("metadata"));
        JsonObject spec = set.getAsJsonObject("spec");
        assertTrue(JOBSET_FIELDS.containsAll(spec.keySet()), () -> "fields of a JobSet: " + spec.keySet());
        JsonObject job = spec.getAsJsonArray("replicatedJobs").get(0).getAsJsonObject();
        assertEquals(Set.of("name", "replicas", "template"), job.keySet());
        assertEquals(spec.getAsJsonObject("coordinator").get("replicatedJob"), job.get("name"));
        JsonObject jobSpec = job.getAsJsonObject("template").getAsJsonObject("spec");
        V1JobSpec.validateJsonElement(jobSpec);
        checkRanks(jobSpec, "$(COORDINATOR):7077");
    }

    /** What the library needs to become a job of several ranks out of these pods. */
    private static void checkRanks(JsonObject spec, String rendezvous) {
        JsonObject pod = spec.getAsJsonObject("template").getAsJsonObject("spec");
        JsonObject container = pod.getAsJsonArray("containers").get(0).getAsJsonObject();
        Map<String, JsonObject> env = byName(container.getAsJsonArray("env"));
        assertEquals(spec.get("completions").getAsString(), env.get("JADI_SIZE").get("value").getAsString());
        assertEquals(spec.get("completions"), spec.get("parallelism"), "ranks wait for each other");
        assertEquals(rendezvous, env.get("JADI_RENDEZVOUS").get("value").getAsString());
        assertTrue(env.containsKey("JADI_JOBID"));
        String secret = env.get("JADI_SECRET_FILE").get("value").getAsString();
        String mount = byName(container.getAsJsonArray("volumeMounts")).get("secret").get("mountPath").getAsString();
        assertEquals(mount + "/secret", secret);
        assertEquals("ring-secret", byName(pod.getAsJsonArray("volumes")).get("secret").getAsJsonObject("secret")
                .get("secretName").getAsString());
        assertTrue(pod.getAsJsonObject("securityContext").get("runAsNonRoot").getAsBoolean());
    }

    private static Map<String, JsonObject> byName(JsonArray array) {
        Map<String, JsonObject> map = new HashMap<>();
        for (JsonElement e : array) {
            map.put(e.getAsJsonObject().get("name").getAsString(), e.getAsJsonObject());
        }
        return map;
    }

    @Test
    void shouldFindTypingErrors() throws IOException {
        JsonObject wrongName = documents(read("indexed-job.yaml").replace("completionMode:", "completionMod:")).get(1);
        assertTrue(assertThrows(Exception.class, () -> V1Job.validateJsonElement(wrongName)).getMessage().contains("completionMod"));
        JsonObject wrongType = documents(read("indexed-job.yaml").replace("fieldPath: metadata", "fieldPat: metadata")).get(1);
        assertTrue(assertThrows(Exception.class, () -> V1Job.validateJsonElement(wrongType)).getMessage().contains("fieldPat"));
    }
}
