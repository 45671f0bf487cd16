package org.dhtrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.dhtrpc.spi.AddressFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    private static final long SEED = 20_261_122;

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1:3282, 192.0.2.1:3282",
        "0.0.0.0:0, 0.0.0.0:0",
        "255.255.255.255:65535, 255.255.255.255:65535",
        "[::1]:80, [0:0:0:0:0:0:0:1]:80",
        "[::]:1, [0:0:0:0:0:0:0:0]:1",
        "[2001:DB8::1]:3282, [2001:db8:0:0:0:0:0:1]:3282",
        "[2001:db8:0:0:0:0:192.0.2.1]:1, [2001:db8:0:0:0:0:c000:201]:1",
        "[::ffff:192.0.2.1]:3282, 192.0.2.1:3282",
        "[::FFFF:c000:0201]:3282, 192.0.2.1:3282",
    })
    void literals_are_read_and_written_in_one_form(String text, String written) {
        Endpoint endpoint = Endpoint.parse(text);
        assertThat(endpoint).hasToString(written);
        assertThat(Endpoint.parse(written)).isEqualTo(endpoint).hasSameHashCodeAs(endpoint);
    }

    /** Were one of these looked up, the test would take long and the message say "unknown host". */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:1",
                "example.org:3282",
                "[localhost]:1",
                "[example.org]:1",
                "[a:example.org]:1",
                "1.2.3:1",
                "1.2.3.4.5:1",
                "1.2.3.256:1",
                "1.2.3.1000:1",
                "1.2.3.-4:1",
                "1.2.3.+4:1",
                "1.2.3.4 :1",
                " 1.2.3.4:1",
                "1.2.3.:1",
                ".1.2.3:1",
                "0x7f.0.0.1:1",
                "2130706433:1",
                "[1.2.3.4]:1",
                "::1:80",
                "[::1]",
                "[::1%lo]:80",
                "[fe80::1%25eth0]:80",
                "[:::]:1",
                "[1:2]:1",
                "[:]:1",
                "[]:1",
                "[::1:80",
                "::1]:80",
                "[[::1]]:80",
                "[12345::]:1",
                "[1:2:3:4:5:6:7:8:9]:1",
                ":80",
                ":",
                "٣.٣.٣.٣:1",
            })
    void host_names_and_odd_forms_are_refused_and_quoted(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.parse(text))
                .withMessageContaining("Not a numeric address: '" + text + "'")
                .withMessageContaining("expected '192.0.2.1:3282'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "1.2.3.4"})
    void a_text_without_a_port_is_refused_and_quoted(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.parse(text))
                .withMessage("No port in '" + text + "'; expected 'address:port'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1a", " 1", "123456", "٣"})
    void a_port_that_is_no_number_is_refused_and_quoted(String port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.parse("192.0.2.1:" + port))
                .withMessage("Not a port: '" + port + "' in '192.0.2.1:" + port + "'; expected 0 to 65535");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, Integer.MIN_VALUE})
    void a_port_out_of_range_is_refused_with_the_limit(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of(new byte[4], port))
                .withMessage("A port is 0 to 65535, not " + port);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.parse("192.0.2.1:65536"))
                .withMessage("A port is 0 to 65535, not 65536");
    }

    @Test
    void a_long_text_is_cut_in_the_message() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.parse("x".repeat(100_000) + ":1"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250).contains("xxx…"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5, 15, 17})
    void an_address_of_another_length_is_refused(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of(new byte[length], 1))
                .withMessage("An address has 4 or 16 bytes, not " + length);
    }

    @Test
    void a_mapped_address_is_the_ipv4_address_however_it_is_made() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 1};
        Endpoint ipv4 = Endpoint.parse("192.0.2.1:5");
        ByteBuffer buffer =
                ByteBuffer.allocate(18).put(mapped).putShort((short) 5).flip();
        for (Endpoint endpoint : new Endpoint[] {
            Endpoint.of(mapped, 5),
            Endpoint.read(buffer, false),
            Endpoint.of(new InetSocketAddress(java.net.InetAddress.getByAddress(mapped), 5))
        }) {
            assertThat(endpoint).isEqualTo(ipv4).hasSameHashCodeAs(ipv4).hasToString("192.0.2.1:5");
            assertThat(endpoint.isIPv4()).isTrue();
            assertThat(endpoint.address()).containsExactly(192, 0, 2, 1);
            assertThat(endpoint.highBits()).isEqualTo(ipv4.highBits());
            assertThat(endpoint.lowBits()).isEqualTo(ipv4.lowBits());
        }
        assertThat(Endpoint.parse("[::192.0.2.1]:5")).isNotEqualTo(ipv4);
    }

    @Test
    void a_socket_address_is_taken_and_given_without_a_look_up() throws Exception {
        Endpoint endpoint = Endpoint.parse("[2001:db8::1]:3282");
        InetSocketAddress address = endpoint.toSocketAddress();
        assertThat(address.isUnresolved()).isFalse();
        assertThat(address.getHostString()).isEqualTo("2001:db8:0:0:0:0:0:1");
        assertThat(Endpoint.of(address)).isEqualTo(endpoint);
        byte[] ten = {10, 0, 0, 1};
        assertThat(Endpoint.of(new InetSocketAddress(java.net.InetAddress.getByAddress("a-name", ten), 9)))
                .hasToString("10.0.0.1:9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.of(InetSocketAddress.createUnresolved("no.such.example", 1)))
                .withMessage("Not resolved: no.such.example");
    }

    @Test
    void random_endpoints_survive_text_buffer_and_array() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            byte[] address = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(address);
            Endpoint endpoint = Endpoint.of(address, random.nextInt(65_536));
            assertThat(endpoint.address()).isEqualTo(address);
            assertThat(Endpoint.parse(endpoint.toString())).isEqualTo(endpoint);
            assertThat(endpoint.isIPv4()).isEqualTo(address.length == 4);
            ByteBuffer buffer = ByteBuffer.allocate(20).position(1);
            buffer.order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            ByteOrder order = buffer.order();
            endpoint.write(buffer);
            assertThat(buffer.position()).isEqualTo(1 + address.length + 2);
            assertThat(buffer.order()).isEqualTo(order);
            assertThat(buffer.get(1)).isEqualTo(address[0]);
            assertThat(buffer.get(address.length + 1)).isEqualTo((byte) (endpoint.port() >> 8));
            assertThat(Endpoint.read(buffer.position(1), address.length == 4)).isEqualTo(endpoint);
            assertThat(buffer.position()).isEqualTo(1 + address.length + 2);
            assertThat(buffer.order()).isEqualTo(order);
        }
    }

    @Test
    void a_buffer_that_is_too_short_throws_and_keeps_its_byte_order() {
        ByteBuffer buffer = ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN);
        assertThatExceptionOfType(BufferUnderflowException.class).isThrownBy(() -> Endpoint.read(buffer, true));
        assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThatExceptionOfType(BufferOverflowException.class)
                .isThrownBy(() -> Endpoint.parse("192.0.2.1:1").write(buffer.clear()));
        assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void endpoints_differ_in_address_or_port() {
        Endpoint endpoint = Endpoint.parse("192.0.2.1:1");
        assertThat(endpoint)
                .isNotEqualTo(Endpoint.parse("192.0.2.1:2"))
                .isNotEqualTo(Endpoint.parse("192.0.2.2:1"))
                .isNotEqualTo(Endpoint.parse("[2001:db8::1]:1"))
                .isNotEqualTo(null)
                .isNotEqualTo("192.0.2.1:1");
        assertThat(Endpoint.parse("[2001:db8::1]:1")).isNotEqualTo(Endpoint.parse("[2001:db9::1]:1"));
    }

    @Test
    void wildcard_and_loopback_are_known_in_both_families() {
        assertThat(Endpoint.parse("0.0.0.0:1").isWildcard()).isTrue();
        assertThat(Endpoint.parse("[::]:1").isWildcard()).isTrue();
        assertThat(Endpoint.parse("0.0.0.1:1").isWildcard()).isFalse();
        assertThat(Endpoint.parse("[::1]:1").isWildcard()).isFalse();
        assertThat(Endpoint.parse("127.0.0.1:1").isLoopback()).isTrue();
        assertThat(Endpoint.parse("127.255.255.255:1").isLoopback()).isTrue();
        assertThat(Endpoint.parse("[::1]:1").isLoopback()).isTrue();
        assertThat(Endpoint.parse("128.0.0.1:1").isLoopback()).isFalse();
        assertThat(Endpoint.parse("[::2]:1").isLoopback()).isFalse();
        assertThat(AddressFamily.of(Endpoint.parse("[::ffff:1.2.3.4]:1"))).isEqualTo(AddressFamily.IPV4);
        assertThat(AddressFamily.of(Endpoint.parse("[::1]:1"))).isEqualTo(AddressFamily.IPV6);
    }
}
