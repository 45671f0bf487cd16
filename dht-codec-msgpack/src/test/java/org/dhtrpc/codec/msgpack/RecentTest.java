package org.dhtrpc.codec.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RecentTest {
    private static final byte[] BYTES = "abcabd".getBytes(StandardCharsets.US_ASCII);

    private final Recent<String> recent = new Recent<>(1, 4);

    @Test
    void aValueIsFoundByItsBytesWhereverTheyAre() {
        assertThat(recent.put(BYTES, 0, 2, "ab")).isEqualTo("ab");

        assertThat(recent.get(BYTES, 0, 2)).isEqualTo("ab");
        assertThat(recent.get(BYTES, 3, 2)).isEqualTo("ab");
    }

    @Test
    void otherBytesAreNotFoundInTheSameSlot() {
        assertThat(recent.get(BYTES, 0, 2)).isNull();
        assertThat(recent.get(BYTES, 0, 0)).isNull();
        recent.put(BYTES, 0, 3, "abc");

        assertThat(recent.get(BYTES, 3, 3)).isNull();
        assertThat(recent.get(BYTES, 0, 2)).isNull();
        assertThat(recent.get(BYTES, 0, 4)).isNull();
    }

    @Test
    void aNewerValueTakesTheSlot() {
        recent.put(BYTES, 0, 3, "abc");
        recent.put(BYTES, 3, 3, "abd");

        assertThat(recent.get(BYTES, 3, 3)).isEqualTo("abd");
        assertThat(recent.get(BYTES, 0, 3)).isNull();
    }
}
