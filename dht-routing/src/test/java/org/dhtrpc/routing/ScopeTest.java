package org.dhtrpc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.dhtrpc.Endpoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, NOBODY",
        "0.1.2.3, NOBODY",
        "224.0.0.1, NOBODY",
        "239.255.255.255, NOBODY",
        "255.255.255.255, NOBODY",
        "240.0.0.1, NOBODY",
        "127.0.0.1, LOOPBACK",
        "127.255.255.254, LOOPBACK",
        "169.254.0.1, LINK",
        "169.253.255.255, GLOBAL",
        "169.255.0.0, GLOBAL",
        "10.0.0.0, PRIVATE",
        "10.255.255.255, PRIVATE",
        "9.255.255.255, GLOBAL",
        "11.0.0.0, GLOBAL",
        "172.15.255.255, GLOBAL",
        "172.16.0.0, PRIVATE",
        "172.31.255.255, PRIVATE",
        "172.32.0.0, GLOBAL",
        "192.168.0.1, PRIVATE",
        "192.167.255.255, GLOBAL",
        "192.169.0.0, GLOBAL",
        "100.63.255.255, GLOBAL",
        "100.64.0.0, PRIVATE",
        "100.127.255.255, PRIVATE",
        "100.128.0.0, GLOBAL",
        "8.8.8.8, GLOBAL",
        "223.255.255.255, GLOBAL",
        "[::], NOBODY",
        "[::1], LOOPBACK",
        "[::2], GLOBAL",
        "[fe80::1], LINK",
        "[febf::1], LINK",
        "[fec0::1], PRIVATE",
        "[feff::1], PRIVATE",
        "[fbff::1], GLOBAL",
        "[fc00::1], PRIVATE",
        "[fdff::1], PRIVATE",
        "[fe00::1], GLOBAL",
        "[ff02::1], NOBODY",
        "[2001:db8::1], GLOBAL",
        "[64:ff9b::8.8.8.8], GLOBAL",
        "[64:ff9b::192.168.0.1], NOBODY",
        "[64:ff9b::127.0.0.1], NOBODY",
        "[64:ff9b::255.255.255.255], NOBODY",
        "[64:ff9b:1::10.0.0.1], PRIVATE",
        "[64:ff9b:2::10.0.0.1], GLOBAL",
        "[2002:808:808::1], GLOBAL",
        "[2002:a00:1::1], NOBODY",
        "[2002:7f00:1::1], NOBODY",
        "[2002:a9fe:a9fe::1], NOBODY",
        "[::ffff:10.0.0.1], PRIVATE",
        "[::ffff:127.0.0.1], LOOPBACK"
    })
    void every_address_has_its_scope(String address, Scope scope) {
        assertThat(Scope.of(Endpoint.parse(address + ":1"))).isEqualTo(scope);
    }
}
