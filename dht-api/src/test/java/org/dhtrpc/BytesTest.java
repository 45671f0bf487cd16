package org.dhtrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {
    @Test
    void what_goes_in_and_what_comes_out_is_copied() {
        byte[] array = {1, 2, 3};
        Bytes bytes = Bytes.of(array);
        array[0] = 9;
        bytes.toByteArray()[1] = 9;
        assertThat(bytes.toByteArray()).containsExactly(1, 2, 3);

        ByteBuffer buffer = ByteBuffer.wrap(array);
        Bytes copy = Bytes.copyOf(buffer);
        array[2] = 9;
        assertThat(copy.toByteArray()).containsExactly(9, 2, 3);
    }

    @Test
    void a_view_as_a_buffer_cannot_be_written() {
        ByteBuffer view = Bytes.of((byte) 1, (byte) 2).toByteBuffer();
        assertThat(view.isReadOnly()).isTrue();
        assertThat(view.position()).isZero();
        assertThat(view.limit()).isEqualTo(2);
        assertThatExceptionOfType(ReadOnlyBufferException.class).isThrownBy(() -> view.put((byte) 9));
    }

    @Test
    void reading_and_writing_moves_the_buffers_position() {
        ByteBuffer buffer =
                ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}).position(1).limit(4);
        assertThat(Bytes.read(buffer, 2)).isEqualTo(Bytes.of((byte) 2, (byte) 3));
        assertThat(buffer.position()).isEqualTo(3);
        assertThat(Bytes.copyOf(buffer)).isEqualTo(Bytes.of((byte) 4));
        assertThat(buffer.hasRemaining()).isFalse();
        assertThat(Bytes.copyOf(buffer)).isSameAs(Bytes.EMPTY);

        ByteBuffer target = ByteBuffer.allocateDirect(4);
        Bytes.of((byte) 7, (byte) 8).write(target.position(1));
        assertThat(target.position()).isEqualTo(3);
        assertThat(target.get(1)).isEqualTo((byte) 7);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, Integer.MAX_VALUE})
    void reading_more_than_there_is_throws_before_anything_is_allocated(int size) {
        assertThatExceptionOfType(BufferUnderflowException.class)
                .isThrownBy(() -> Bytes.read(ByteBuffer.allocate(1), size));
    }

    @Test
    void hexadecimal_text_is_read_and_written() {
        assertThat(Bytes.parse("00ff7F")).hasToString("00ff7f");
        assertThat(Bytes.parse("")).isEqualTo(Bytes.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0g", "00 11", "0x00"})
    void what_is_no_hexadecimal_is_refused_and_quoted(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bytes.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @Test
    void text_travels_as_utf_8() {
        assertThat(Bytes.utf8("é✓").toByteArray()).containsExactly(0xc3, 0xa9, 0xe2, 0x9c, 0x93);
        assertThat(Bytes.utf8("é✓").utf8()).isEqualTo("é✓");
        assertThat(Bytes.parse("61ff").utf8()).isEqualTo("a\uFFFD");
    }

    @Test
    void equality_is_that_of_the_content() {
        Bytes bytes = Bytes.parse("0102");
        assertThat(bytes)
                .isEqualTo(Bytes.of((byte) 1, (byte) 2))
                .hasSameHashCodeAs(Bytes.of((byte) 1, (byte) 2))
                .isNotEqualTo(Bytes.parse("0103"))
                .isNotEqualTo(Bytes.parse("01"))
                .isNotEqualTo(null)
                .isNotEqualTo("0102");
        assertThat(bytes.size()).isEqualTo(2);
        assertThat(bytes.get(1)).isEqualTo((byte) 2);
        assertThat(bytes.isEmpty()).isFalse();
        assertThat(Bytes.EMPTY.isEmpty()).isTrue();
        assertThat(Bytes.utf8("")).isEqualTo(Bytes.EMPTY);
    }
}
