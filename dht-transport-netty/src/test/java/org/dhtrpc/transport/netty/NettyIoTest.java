package org.dhtrpc.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which I/O there is, and which is taken. */
class NettyIoTest {
    @Test
    void the_best_is_epoll_where_there_is_one_and_never_io_uring() {
        assertThat(NettyIo.best()).isEqualTo(NettyIo.EPOLL.available() ? NettyIo.EPOLL : NettyIo.NIO);
        assertThat(NettyIo.NIO.available()).isTrue();
        try (NettyLoops loops = NettyLoops.start(1)) {
            assertThat(loops.io()).isEqualTo(NettyIo.best());
        }
    }

    /** Without the optional jars, as for a user who brings none of them. */
    @Test
    void with_nothing_but_NIO_on_the_class_path_NIO_is_taken_and_a_choice_is_refused_with_its_reason()
            throws Exception {
        ClassLoader bare = new Bare();
        Class<?> loops = bare.loadClass(NettyLoops.class.getName());
        Class<?> transport = bare.loadClass(NettyTransport.class.getName());
        try (AutoCloseable group =
                (AutoCloseable) loops.getMethod("start", int.class).invoke(null, 1)) {
            assertThat(loops.getMethod("io").invoke(group)).hasToString("NIO");
            try (AutoCloseable bound = (AutoCloseable)
                    transport.getMethod("bind", loops, String.class, int.class).invoke(null, group, "127.0.0.1", 0)) {
                assertThat(bound).isNotNull();
            }
        }
        Class<?> io = bare.loadClass(NettyIo.class.getName());
        for (String missing : List.of("EPOLL", "IO_URING")) {
            Object choice = io.getField(missing).get(null);
            assertThat(io.getMethod("available").invoke(choice)).isEqualTo(false);
            assertThatThrownBy(() -> loops.getMethod("start", io, int.class).invoke(null, choice, 1))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageStartingWith(
                            missing + " is not available here: java.lang.NoClassDefFoundError: io/netty/")
                    .hasCauseInstanceOf(LinkageError.class);
        }
    }

    /** Loads this module's classes anew, and none of Netty's that are optional. */
    private static final class Bare extends ClassLoader {
        Bare() {
            super(NettyIoTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.netty.channel.epoll.")
                    || name.startsWith("io.netty.channel.uring.")
                    || name.startsWith("io.netty.channel.unix.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith(NettyIo.class.getPackageName() + ".")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : defined(name);
        }

        private Class<?> defined(String name) throws ClassNotFoundException {
            try (InputStream in = NettyIo.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
