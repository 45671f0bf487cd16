package org.dhtrpc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void reads_what_an_agent_writes() {
        Json json = Json.read("{\"id\":3,\"ok\":[{\"port\":4001,\"id\":null,\"up\":true},{}],\"rtt\":-1.5e-1}");

        assertThat(json.get("id").integer()).isEqualTo(3);
        assertThat(json.get("rtt").number()).isEqualTo(-0.15);
        assertThat(json.get("ok").list()).hasSize(2);
        Json node = json.get("ok").list().get(0);
        assertThat(node.get("port").integer()).isEqualTo(4001);
        assertThat(node.get("id").isNull()).isTrue();
        assertThat(node.get("id").textOrNull()).isNull();
        assertThat(node.get("up").truth()).isTrue();
        assertThat(node.get("nothing").isNull()).isTrue();
    }

    @Test
    void texts_survive_there_and_back() {
        String text = "\"quoted\" \\ \n\t\u0001 grün";
        assertThat(Json.read(Json.write(Map.of("text", text))).get("text").text())
                .isEqualTo(text);
        assertThat(Json.read("\"\\u0041\\n\\/\"").text()).isEqualTo("A\n/");
    }

    @Test
    void writes_what_an_agent_reads() {
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("id", 1);
        order.put("nodes", List.of("127.0.0.1:1"));
        order.put("commit", true);
        assertThat(Json.write(order)).isEqualTo("{\"id\":1,\"nodes\":[\"127.0.0.1:1\"],\"commit\":true}");
        assertThat(Json.read(Json.write(order)).toString())
                .isEqualTo("{\"id\":1.0,\"nodes\":[\"127.0.0.1:1\"],\"commit\":true}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1", "{\"a\"}", "\"a", "\"\\", "tru", "1 ", "{\"a\":}", "x", "\"\\u00\""})
    void says_what_it_cannot_read(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
