package org.dhtrpc.testkit.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
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
import org.dhtrpc.spi.AddressFamily;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/** Random messages of every shape that a wire says it can carry; numbers crowd at the borders of their encodings. */
final class WireMessages {
    private static final int[] LETTERS = {
        'a', 'Z', '0', ' ', '_', 0x7F, 0x80, 0x7FF, 0x800, 0x20AC, 0xFFFD, 0x10000, 0x10FFFF
    };
    private static final List<Command> BUILT_INS =
            List.of(Command.PING, Command.PING_NAT, Command.FIND_NODE, Command.DOWN_HINT, Command.DELAYED_PING);

    private final Wire wire;
    private final List<AddressFamily> families;
    private final RandomGenerator random;

    WireMessages(Wire wire, RandomGenerator random) {
        this.wire = wire;
        this.families = List.copyOf(wire.families());
        this.random = random;
    }

    Message next() {
        return random.nextBoolean() ? request() : reply();
    }

    Request request() {
        Command command = command();
        Bytes token = perhaps() ? bytes(wire.tokenBytes()) : null;
        return new Request(
                transaction(),
                perhaps() ? key() : null,
                endpoint(),
                command,
                perhaps() ? key() : null,
                token != null && !command.builtIn() && perhaps(),
                token,
                perhaps() ? bytes(random.nextInt(wire.maxDatagram() / 3)) : null,
                perhaps() ? new Relay(perhaps() ? Relay.Kind.FORWARD_TO : Relay.Kind.ANSWER_TO, endpoint()) : null,
                wire.padding() && perhaps() ? random.nextInt(wire.maxDatagram() / 3) : 0);
    }

    Reply reply() {
        return new Reply(
                transaction(),
                perhaps() ? key() : null,
                endpoint(),
                perhaps() ? contacts(random.nextInt(14)) : null,
                perhaps() ? bytes(wire.tokenBytes()) : null,
                wire.errors() ? (int) (number() & ErrorCode.MAX) : ErrorCode.NONE,
                perhaps() ? bytes(random.nextInt(wire.maxDatagram() / 4)) : null);
    }

    /** The reply that every lookup needs, as long as it gets. */
    Reply largestReply() {
        List<Contact> contacts = new ArrayList<>();
        AddressFamily family = families.get(families.size() - 1);
        for (int i = 0; i < 20; i++) {
            contacts.add(new Contact(key(), endpoint(family)));
        }
        return new Reply(
                wire.longestTransaction(),
                key(),
                endpoint(family),
                contacts,
                bytes(wire.tokenBytes()),
                wire.errors() ? ErrorCode.MAX : ErrorCode.NONE,
                null);
    }

    /** A message that most wires cannot carry, by one field. */
    Message strange() {
        Request request = request();
        return switch (random.nextInt(6)) {
            case 0 -> reply().withContacts(List.of(new Contact(key(), Endpoint.of(new byte[4], 0))));
            case 1 -> with(request, request.command(), bytes(wire.tokenBytes() + 1));
            case 2 -> with(request, Command.builtIn(99), request.token());
            case 3 -> with(request, Command.of("\u20AC no number"), request.token());
            case 4 -> new Reply(transaction(), null, endpoint(), null, null, ErrorCode.MAX + 1, null);
            default -> new Reply(transaction(), null, null, null, Bytes.EMPTY, -1, null);
        };
    }

    private static Request with(Request request, Command command, @Nullable Bytes token) {
        return new Request(
                request.transaction(),
                request.sender(),
                request.to(),
                command,
                request.target(),
                token,
                request.value());
    }

    private Command command() {
        for (int i = 0; i < 100; i++) {
            Command command = perhaps() ? BUILT_INS.get(random.nextInt(BUILT_INS.size())) : anyCommand();
            if (wire.commands().test(command)) {
                return command;
            }
        }
        return Command.PING;
    }

    private Command anyCommand() {
        return switch (random.nextInt(4)) {
            case 0 -> Command.builtIn((int) (number() & Integer.MAX_VALUE));
            case 1 -> Command.of((int) (number() & Integer.MAX_VALUE));
            default -> Command.of(name());
        };
    }

    private String name() {
        StringBuilder name = new StringBuilder();
        int bytes = 1 + random.nextInt(Command.MAX_NAME_BYTES);
        while (true) {
            int letter = LETTERS[random.nextInt(LETTERS.length)];
            bytes -= Bytes.utf8(Character.toString(letter)).size();
            if (bytes < 0) {
                return name.isEmpty() ? "x" : name.toString();
            }
            name.appendCodePoint(letter);
        }
    }

    private List<Contact> contacts(int count) {
        List<Contact> contacts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            contacts.add(new Contact(key(), endpoint()));
        }
        return contacts;
    }

    private Endpoint endpoint() {
        return endpoint(families.get(random.nextInt(families.size())));
    }

    private Endpoint endpoint(AddressFamily family) {
        byte[] address = bytes(family == AddressFamily.IPV4 ? 4 : 16).toByteArray();
        return Endpoint.of(address, 1 + random.nextInt(65_535));
    }

    private Key key() {
        return Key.of(bytes(Key.BYTES));
    }

    private Bytes bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    private long transaction() {
        return wire.transactionBits() == Long.SIZE ? number() : number() & ((1L << wire.transactionBits()) - 1);
    }

    private long number() {
        long border = 1L << random.nextInt(64);
        return (random.nextBoolean() ? border : -border) + random.nextInt(5) - 2;
    }

    private boolean perhaps() {
        return random.nextBoolean();
    }

    /** The bytes with one to eight changes of the kinds that fuzzers make. */
    static byte[] mutated(byte[] bytes, RandomGenerator random) {
        byte[] mutant = Arrays.copyOf(bytes, mutantLength(bytes.length, random));
        for (int i = random.nextInt(1, 9); i > 0 && mutant.length > 0; i--) {
            // Most of what decides stands in heads, and most heads stand in front.
            int at = random.nextInt(random.nextBoolean() ? Math.min(24, mutant.length) : mutant.length);
            switch (random.nextInt(5)) {
                case 0, 1 -> mutant[at] = (byte) random.nextInt();
                // Lengths that lie.
                case 2 -> Arrays.fill(mutant, at, Math.min(at + 4, mutant.length), (byte) (random.nextInt() | 0x7F));
                default -> mutant[at] = (byte) (mutant[at] ^ 1 << random.nextInt(8));
            }
        }
        return mutant;
    }

    /** The front of the bytes, and then a part of them again and again: where a format allows that, each may cost. */
    static byte[] repeated(byte[] bytes, int size, RandomGenerator random) {
        int end = 1 + random.nextInt(bytes.length);
        int start = random.nextInt(Math.max(0, end - 40), end);
        byte[] repeated = Arrays.copyOf(bytes, Math.max(size, end));
        for (int at = end; at < repeated.length; at++) {
            repeated[at] = repeated[at - (end - start)];
        }
        return repeated;
    }

    private static int mutantLength(int length, RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(length + 1);
            case 1 -> length + random.nextInt(20);
            default -> length;
        };
    }
}
