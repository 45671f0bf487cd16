package org.dhtrpc.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Watches every buffer of Netty's, and fails a class of tests that lost one. At the end this loses one itself, and waits
 * until Netty has found it, which it does when later ones are made: what else was lost has been found by then.
 */
final class Leaks implements BeforeAllCallback, AfterAllCallback {
    private static final String LAST = "lost on purpose";
    private static final int DEADLINE_SECONDS = 20;
    private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Loading this class, before Netty has loaded its own, is all there is to do.
    }

    @Override
    public void afterAll(ExtensionContext context) {
        // Of two leaks with the same history Netty reports one.
        PooledByteBufAllocator.DEFAULT.directBuffer(1).touch(LAST + " by " + context.getUniqueId());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (FOUND.stream().noneMatch(leak -> leak.contains(LAST)) && System.nanoTime() < end) {
            System.gc();
            PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
        }
        assertThat(FOUND)
                .as("buffers that were not released, the last one on purpose")
                .hasSize(1)
                .first()
                .asString()
                .contains(LAST);
        FOUND.clear();
    }

    private static final class Factory extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation")
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return newResourceLeakDetector(resource, samplingInterval);
        }

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
            return new Detector<>(resource, samplingInterval);
        }
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {
        Detector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String type, String records) {
            FOUND.add(type + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
            FOUND.add(type);
        }
    }
}
