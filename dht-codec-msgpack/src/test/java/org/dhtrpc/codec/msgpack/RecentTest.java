package org.dhtrpc.codec.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RecentTest {
    private static final byte[] BYTES = "abcabd".getBytes(StandardCharsets.US_ASCII);

    private final Recent<String> recent = new Recent<>(1, 4);

    @Test
    void aValueIsFoundByItsBytesWhereverTheyAre() {
        assertThat(recent.put(1, BYTES, 0, 2, "ab")).isEqualTo("ab");

        assertThat(recent.get(1, BYTES, 0, 2)).isEqualTo("ab");
        assertThat(recent.get(1, BYTES, 3, 2)).isEqualTo("ab");
    }

    @Test
    void otherBytesAreNotFoundWhateverTheirHash() {
        assertThat(recent.get(1, BYTES, 0, 2)).isNull();
        assertThat(recent.get(1, BYTES, 0, 0)).isNull();
        recent.put(1, BYTES, 0, 3, "abc");

        assertThat(recent.get(1, BYTES, 3, 3)).isNull();
        assertThat(recent.get(1, BYTES, 0, 2)).isNull();
        assertThat(recent.get(1, BYTES, 0, 4)).isNull();
    }

    @Test
    void aNewerValueTakesTheSlot() {
        recent.put(1, BYTES, 0, 3, "abc");
        recent.put(2, BYTES, 3, 3, "abd");

        assertThat(recent.get(2, BYTES, 3, 3)).isEqualTo("abd");
        assertThat(recent.get(1, BYTES, 0, 3)).isNull();
    }
}
