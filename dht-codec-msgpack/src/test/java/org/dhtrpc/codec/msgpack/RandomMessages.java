package org.dhtrpc.codec.msgpack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.dhtrpc.Bytes;
import org.dhtrpc.Contact;
import org.dhtrpc.Endpoint;
import org.dhtrpc.Key;
import org.dhtrpc.message.Command;
import org.dhtrpc.message.ErrorCode;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Relay;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.jspecify.annotations.Nullable;

/** Messages of every shape that fit a datagram; integers crowd at the borders of their encodings. */
final class RandomMessages {
    private static final int[] LETTERS = {
        'a', 'Z', '0', ' ', 0x7F, 0x80, 0x7FF, 0x800, 0x20AC, 0xFFFD, 0x10000, 0x10FFFF
    };

    private final SplittableRandom random;

    RandomMessages(long seed) {
        random = new SplittableRandom(seed);
    }

    Message next() {
        return random.nextBoolean() ? request() : reply();
    }

    private Request request() {
        return new Request(
                integer(),
                perhaps() ? key() : null,
                endpoint(),
                command(),
                perhaps() ? key() : null,
                perhaps(),
                perhaps() ? bytes(8) : null,
                perhaps() ? bytes(random.nextInt(600)) : null,
                perhaps() ? new Relay(perhaps() ? Relay.Kind.FORWARD_TO : Relay.Kind.ANSWER_TO, endpoint()) : null,
                perhaps() ? random.nextInt(400) : 0);
    }

    private Reply reply() {
        return new Reply(
                integer(),
                perhaps() ? key() : null,
                endpoint(),
                perhaps() ? contacts() : null,
                perhaps() ? bytes(8) : null,
                (int) (integer() & ErrorCode.MAX),
                perhaps() ? bytes(random.nextInt(300)) : null);
    }

    private Command command() {
        if (random.nextBoolean()) {
            return Command.builtIn((int) (integer() & Integer.MAX_VALUE));
        }
        StringBuilder name = new StringBuilder();
        int bytes = 1 + random.nextInt(Command.MAX_NAME_BYTES);
        while (true) {
            int letter = LETTERS[random.nextInt(LETTERS.length)];
            bytes -= Bytes.utf8(Character.toString(letter)).size();
            if (bytes < 0) {
                return Command.of(name.isEmpty() ? "x" : name.toString());
            }
            name.appendCodePoint(letter);
        }
    }

    private List<Contact> contacts() {
        List<Contact> contacts = new ArrayList<>();
        for (int i = random.nextInt(14); i > 0; i--) {
            contacts.add(new Contact(key(), endpoint()));
        }
        return contacts;
    }

    private Endpoint endpoint() {
        return Endpoint.of(bytes(random.nextBoolean() ? 4 : 16).toByteArray(), 1 + random.nextInt(65_535));
    }

    private Key key() {
        return Key.of(bytes(Key.BYTES));
    }

    private Bytes bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    private long integer() {
        long border = 1L << random.nextInt(64);
        return (random.nextBoolean() ? border : -border) + random.nextInt(5) - 2;
    }

    private boolean perhaps() {
        return random.nextBoolean();
    }

    /** The bytes with one to eight changes of the kinds that fuzzers make. */
    static byte[] mutated(byte[] bytes, SplittableRandom random) {
        byte[] mutant = Arrays.copyOf(bytes, mutantLength(bytes.length, random));
        for (int i = random.nextInt(1, 9); i > 0 && mutant.length > 0; i--) {
            // Most of what decides stands in heads, and most heads stand in front.
            int at = random.nextInt(random.nextBoolean() ? Math.min(24, mutant.length) : mutant.length);
            mutant[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (mutant[at] ^ 1 << random.nextInt(8));
        }
        return mutant;
    }

    private static int mutantLength(int length, SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(length + 1);
            case 1 -> length + random.nextInt(20);
            default -> length;
        };
    }

    /** The message of a request with only what it must have. */
    static Request ping(@Nullable Endpoint to) {
        return new Request(1, null, to, Command.PING, null, null, null);
    }
}
