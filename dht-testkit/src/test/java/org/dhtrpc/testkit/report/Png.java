package org.dhtrpc.testkit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.InflaterOutputStream;

/**
 * A picture in the one form of PNG (RFC 2083) that browsers write: eight bits each of red, green and blue, not interlaced. The
 * JDK's own reader is in a module that the testkit does not see.
 *
 * @param rgb row by row
 */
record Png(int width, int height, ByteBuffer rgb) {
    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int COLOURS = 3;

    static Png read(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        assertThat(in.getLong()).isEqualTo(SIGNATURE);
        ByteBuffer header = ByteBuffer.allocate(0);
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        try (InflaterOutputStream inflater = new InflaterOutputStream(pixels)) {
            while (in.hasRemaining()) {
                byte[] name = new byte[4];
                byte[] data = new byte[in.getInt()];
                in.get(name).get(data);
                CRC32 sum = new CRC32();
                sum.update(name);
                sum.update(data);
                assertThat(in.getInt()).isEqualTo((int) sum.getValue());
                String chunk = new String(name, StandardCharsets.US_ASCII);
                if (chunk.equals("IHDR")) {
                    header = ByteBuffer.wrap(data);
                } else if (chunk.equals("IDAT")) {
                    inflater.write(data);
                }
            }
        }
        int width = header.getInt();
        int height = header.getInt();
        assertThat(header.getInt()).as("eight bits, three colours").isEqualTo(0x08_02_00_00);
        return new Png(width, height, ByteBuffer.wrap(unfilter(pixels.toByteArray(), width * COLOURS, height)));
    }

    private static byte[] unfilter(byte[] rows, int length, int height) {
        assertThat(rows).hasSize((length + 1) * height);
        byte[] out = new byte[length * height];
        for (int y = 0; y < height; y++) {
            int filter = rows[y * (length + 1)];
            for (int x = 0; x < length; x++) {
                int at = y * length + x;
                int left = x < COLOURS ? 0 : out[at - COLOURS] & 0xff;
                int up = y == 0 ? 0 : out[at - length] & 0xff;
                int corner = x < COLOURS || y == 0 ? 0 : out[at - length - COLOURS] & 0xff;
                out[at] = (byte) (rows[y * (length + 1) + 1 + x] + guess(filter, left, up, corner));
            }
        }
        return out;
    }

    private static int guess(int filter, int left, int up, int corner) {
        return switch (filter) {
            case 0 -> 0;
            case 1 -> left;
            case 2 -> up;
            case 3 -> (left + up) / 2;
            case 4 -> nearest(left, up, corner);
            default -> throw new AssertionError("No filter " + filter);
        };
    }

    private static int nearest(int left, int up, int corner) {
        int estimate = left + up - corner;
        int toLeft = Math.abs(estimate - left);
        int toUp = Math.abs(estimate - up);
        int toCorner = Math.abs(estimate - corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }

    /** From 0, black, to 1, white. */
    double brightness() {
        long sum = 0;
        for (int i = 0; i < rgb.capacity(); i++) {
            sum += rgb.get(i) & 0xff;
        }
        return sum / 255.0 / rgb.capacity();
    }

    /** How many different ones there are among the pixels, of which it looks at every third. */
    long colours() {
        return IntStream.range(0, width * height / 3)
                .map(i -> 3 * i)
                .map(i ->
                        (rgb.get(3 * i) & 0xff) << 16 | (rgb.get(3 * i + 1) & 0xff) << 8 | (rgb.get(3 * i + 2) & 0xff))
                .distinct()
                .count();
    }
}
