package org.jadi.testkit;

import java.lang.reflect.Method;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Carries out {@link TimeLimit}. */
public final class TimeLimitExtension implements InvocationInterceptor {
    private static final int GRACE_SECONDS = 20;
    private static final int EXIT_CODE = 124;

    /** For JUnit. */
    public TimeLimitExtension() {}

    @Override
    public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        guard(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        guard(invocation, context);
    }

    private static void guard(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
        Watchdog watchdog = new Watchdog(limitSeconds(context), context, Thread.currentThread());
        Thread thread = Thread.ofPlatform().daemon().name("jadi-time-limit").start(watchdog);
        try {
            invocation.proceed();
        } catch (Throwable e) {
            throw watchdog.expired ? expired(watchdog, e) : e;
        } finally {
            watchdog.ended.countDown();
            thread.join();
            Thread.interrupted();
        }
        if (watchdog.expired) {
            throw expired(watchdog, null);
        }
    }

    private static AssertionError expired(Watchdog watchdog, Throwable cause) {
        return new AssertionError("time limit passed: seconds=" + watchdog.seconds + "; stacks were printed", cause);
    }

    private static int limitSeconds(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), TimeLimit.class)
                .or(() -> AnnotationSupport.findAnnotation(context.getRequiredTestClass(), TimeLimit.class))
                .map(TimeLimit::value).orElse(60);
    }

    private static final class Watchdog implements Runnable {
        final CountDownLatch ended = new CountDownLatch(1);
        final int seconds;
        final ExtensionContext context;
        final Thread test;
        volatile boolean expired;

        Watchdog(int seconds, ExtensionContext context, Thread test) {
            this.seconds = seconds;
            this.context = context;
            this.test = test;
        }

        @Override
        public void run() {
            try {
                if (ended.await(seconds, TimeUnit.SECONDS)) {
                    return;
                }
                expired = true;
                print("time limit of " + seconds + " s passed");
                test.interrupt();
                if (!ended.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                    print("the test does not end: the JVM is halted");
                    Runtime.getRuntime().halt(EXIT_CODE);
                }
            } catch (InterruptedException e) {
                return; // nobody interrupts it but the end of the JVM
            }
        }

        private void print(String what) {
            String state = context.getTestInstance().filter(DumpsState.class::isInstance)
                    .map(t -> ((DumpsState) t).dumpState()).orElse("");
            System.err.println("[jadi] " + context.getRequiredTestClass().getName() + "."
                    + context.getRequiredTestMethod().getName() + ": " + what + "\n" + state + "\n" + Stacks.all());
        }
    }
}
