package org.jadi.junit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jadi.adi.config.Config;
import org.jadi.mpi.Comm;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.launch.LocalJob;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs a method marked {@link MpiTest} once for each number of ranks. Stateless. */
public final class MpiTestExtension implements TestTemplateInvocationContextProvider {
    /** For JUnit. */
    public MpiTestExtension() {}

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(MpiTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        MpiTest test = context.getRequiredTestMethod().getAnnotation(MpiTest.class);
        return Arrays.stream(test.ranks()).mapToObj(ranks -> new OneSize(test, ranks));
    }

    /** The test with one number of ranks. */
    private record OneSize(MpiTest test, int ranks) implements TestTemplateInvocationContext, InvocationInterceptor,
            ParameterResolver {
        @Override
        public String getDisplayName(int index) {
            return ranks == 1 ? "1 rank" : ranks + " ranks";
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            return type == Mpi.class || type == Comm.class || type == IntraComm.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            // Each rank gets its own below; JUnit only needs to know that somebody cares.
            return null;
        }

        @Override
        public void interceptTestTemplateMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> call,
                ExtensionContext context) throws Throwable {
            invocation.skip();
            Method method = call.getExecutable();
            method.setAccessible(true);
            Object target = call.getTarget().orElse(null);
            List<Object> given = call.getArguments();
            LocalJob.Failure failure = new LocalJob(ranks).run(Duration.ofSeconds(test.timeoutSeconds()), null, place -> {
                try (Mpi mpi = Mpi.init(place, config(test))) {
                    invoke(method, target, arguments(method, given, mpi));
                }
            });
            if (failure != null) {
                throw error(failure);
            }
        }

        private Throwable error(LocalJob.Failure failure) {
            String stuck = failure.stuck() ? " (some ranks did not end after that)" : "";
            if (failure.cause() == null) {
                return new AssertionError(failure.report() + stuck);
            }
            return new AssertionError("rank " + failure.rank() + " of " + ranks + stuck + ": " + failure.cause(),
                    failure.cause());
        }

        private static Config config(MpiTest test) {
            Map<String, String> values = new HashMap<>();
            values.put("device", test.devices());
            for (String setting : test.config()) {
                int equals = setting.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("config is name=value: config=" + setting);
                }
                values.put(setting.substring(0, equals), setting.substring(equals + 1));
            }
            return Config.of(values);
        }

        private static Object[] arguments(Method method, List<Object> given, Mpi mpi) {
            Object[] arguments = given.toArray();
            for (int i = 0; i < arguments.length; i++) {
                Class<?> type = method.getParameterTypes()[i];
                if (type == Mpi.class) {
                    arguments[i] = mpi;
                } else if (type == Comm.class || type == IntraComm.class) {
                    arguments[i] = mpi.world();
                }
            }
            return arguments;
        }

        private static void invoke(Method method, Object target, Object[] arguments) throws Throwable {
            try {
                method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
