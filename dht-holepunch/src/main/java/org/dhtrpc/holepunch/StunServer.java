package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.StunMessage.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Tells others how they are seen: STUN's Binding (RFC 8489), for those before its time too (RFC 3489), and what RFC 5780 asks of a
 * server as far as one address goes: RESPONSE-PORT, and CHANGE-REQUEST for another port, for which there is a second socket as long
 * as somebody asks. A change of the address is an unknown attribute here, as the RFC wants it of a server that has but one.
 *
 * <p>Nobody is believed to be who he says he is. So an answer is at most three times as large as its request, less important
 * attributes being left out; a host is answered at a limited rate; and padding is not sent back.
 */
final class StunServer {
    /** Answers a second for one host. A classification takes a dozen at once, and a host may be the NAT of many. */
    static final Rate OF_HOST = new Rate(50, 200);

    /** For how long the second socket waits to be asked for again. */
    static final long IDLE = 60_000_000_000L;

    /** How many wait until it is open. */
    private static final int MOST_WAITING = 16;

    /** At most so many bytes are sent for one that came. */
    private static final int FACTOR = 3;

    private static final int CHANGE_ADDRESS = 4;
    private static final int CHANGE_PORT = 2;
    private static final int CLOSED = -1;
    private static final String NAME = "dht-rpc";

    private static final Set<Integer> UNDERSTOOD = Set.of(
            Stun.MAPPED_ADDRESS,
            Stun.CHANGE_REQUEST,
            Stun.USERNAME,
            Stun.MESSAGE_INTEGRITY,
            Stun.REALM,
            Stun.NONCE,
            Stun.MESSAGE_INTEGRITY_SHA256,
            Stun.PASSWORD_ALGORITHM,
            Stun.USERHASH,
            Stun.XOR_MAPPED_ADDRESS,
            Stun.PADDING,
            Stun.RESPONSE_PORT);

    private record Waiting(Endpoint from, StunMessage request) {}

    private final Rates rates = new Rates(OF_HOST, Referrer.MOST_RATED);
    private final List<Waiting> waiting = new ArrayList<>();
    private final Timers timers;
    private final Outbox outbox;

    private @Nullable Endpoint main;
    private boolean portKept;
    private int second = CLOSED;
    private @Nullable Endpoint secondLocal;
    private long lastUse;
    private boolean unavailable;

    StunServer(Timers timers, Outbox outbox) {
        this.timers = timers;
        this.outbox = outbox;
    }

    /**
     * By which addresses the server can tell where it is asked: where it is not known how others see it, and its socket is bound to
     * any address, answers do not say.
     *
     * @param local what the main socket is bound to
     * @param seen how others see it; null if that is not known
     */
    void address(Endpoint local, @Nullable Endpoint seen) {
        main = seen != null ? seen : local.isWildcard() ? null : local;
        portKept = seen == null || seen.port() == local.port();
    }

    /** A request has come in; what it does not understand of it, or does not like, is answered as well. */
    void receive(long now, int socket, Endpoint from, StunMessage request) {
        boolean ours = request.kind() == Kind.REQUEST && request.method() == Stun.BINDING;
        if (!ours || !Scope.usable(from) || !rates.take(now, from)) {
            return;
        }
        int change = Math.max(request.number(Stun.CHANGE_REQUEST), 0);
        List<Integer> unknown = request.unknown(UNDERSTOOD::contains);
        if (!unknown.isEmpty()) {
            refuse(socket, from, request, unknown);
        } else if ((change & CHANGE_ADDRESS) != 0 && request.classic()) {
            // Its clients take any answer for one from the other address.
            return;
        } else if ((change & CHANGE_ADDRESS) != 0) {
            refuse(socket, from, request, List.of(Stun.CHANGE_REQUEST));
        } else if (destination(from, request) == null) {
            StunWriter error = StunWriter.answer(Kind.ERROR, request).error(Stun.BAD_REQUEST, "");
            outbox.send(socket, from, ended(error, request));
        } else if ((change & CHANGE_PORT) == 0) {
            answer(socket, from, request);
        } else if (socket == second) {
            used(now);
            answer(Outbox.MAIN, from, request);
        } else {
            answerFromSecond(now, socket, from, request);
        }
    }

    private void answerFromSecond(long now, int socket, Endpoint from, StunMessage request) {
        if (unavailable) {
            refuse(socket, from, request, List.of(Stun.CHANGE_REQUEST));
            return;
        }
        if (second == CLOSED) {
            second = outbox.open();
        }
        if (secondLocal != null) {
            used(now);
            answer(second, from, request);
        } else if (waiting.size() < MOST_WAITING) {
            waiting.add(new Waiting(from, request));
        }
    }

    /** True if it is the second socket that was opened. */
    boolean opened(long now, int socket, Endpoint local) {
        if (socket != second) {
            return false;
        }
        secondLocal = local;
        used(now);
        timers.at(now + IDLE, this::closeIfIdle);
        waiting.forEach(one -> answer(second, one.from, one.request));
        waiting.clear();
        return true;
    }

    /** True if it is the second socket that could not be opened; it is tried again after a while. */
    boolean notOpened(long now, int socket) {
        if (socket != second) {
            return false;
        }
        second = CLOSED;
        unavailable = true;
        timers.at(now + IDLE, later -> unavailable = false);
        waiting.forEach(one -> refuse(Outbox.MAIN, one.from, one.request, List.of(Stun.CHANGE_REQUEST)));
        waiting.clear();
        return true;
    }

    /** Whether what comes in there is for the server. */
    boolean owns(int socket) {
        return socket == second;
    }

    private void used(long now) {
        lastUse = now;
    }

    private void closeIfIdle(long now) {
        if (now - lastUse < IDLE) {
            timers.at(lastUse + IDLE, this::closeIfIdle);
        } else {
            close();
        }
    }

    /** Closes the second socket. */
    void close() {
        if (second != CLOSED) {
            outbox.close(second);
            second = CLOSED;
            secondLocal = null;
            waiting.clear();
        }
    }

    /** Where the answer is to go: RESPONSE-PORT names a port of the same host; null if that is none, or comes with padding. */
    private static @Nullable Endpoint destination(Endpoint from, StunMessage request) {
        byte[] value = request.value(Stun.RESPONSE_PORT);
        if (value == null) {
            return from;
        }
        int port = value.length < 2
                ? 0
                : Short.toUnsignedInt(ByteBuffer.wrap(value).getShort());
        return port == 0 || request.has(Stun.PADDING) ? null : Endpoint.of(from.address(), port);
    }

    private void answer(int socket, Endpoint from, StunMessage request) {
        Endpoint to = destination(from, request);
        StunWriter answer = StunWriter.answer(Kind.SUCCESS, request);
        Endpoint origin = addressOf(socket);
        Endpoint other = addressOf(socket == second ? Outbox.MAIN : second);
        if (request.classic()) {
            answer.address(Stun.MAPPED_ADDRESS, from);
            addIfFits(answer, request, Stun.CLASSIC_SOURCE_ADDRESS, origin);
            addIfFits(answer, request, Stun.CLASSIC_CHANGED_ADDRESS, other);
        } else {
            answer.xorAddress(Stun.XOR_MAPPED_ADDRESS, from);
            addIfFits(answer, request, Stun.SECOND_PORT, other);
            addIfFits(answer, request, Stun.RESPONSE_ORIGIN, origin);
            addIfFits(answer, request, Stun.MAPPED_ADDRESS, from);
            if (fits(answer, request, 4 + NAME.length() + 3 & ~3)) {
                answer.add(Stun.SOFTWARE, NAME);
            }
        }
        outbox.send(socket, to == null ? from : to, ended(answer, request));
    }

    private static void addIfFits(StunWriter answer, StunMessage request, int type, @Nullable Endpoint address) {
        if (address != null && fits(answer, request, address.isIPv4() ? 12 : 24)) {
            answer.address(type, address);
        }
    }

    private static boolean fits(StunWriter answer, StunMessage request, int more) {
        int fingerprint = request.classic() ? 0 : 8;
        return answer.size() + more + fingerprint <= FACTOR * request.size();
    }

    private @Nullable Endpoint addressOf(int socket) {
        if (socket == Outbox.MAIN) {
            return main;
        }
        return socket != second || main == null || secondLocal == null || !portKept
                ? null
                : Endpoint.of(main.address(), secondLocal.port());
    }

    private void refuse(int socket, Endpoint from, StunMessage request, List<Integer> unknown) {
        // In RFC 3489 the list fills words of four bytes, one being named twice if need be.
        int count = request.classic() ? unknown.size() + 1 & ~1 : unknown.size();
        ByteBuffer types = ByteBuffer.allocate(2 * count);
        for (int i = 0; i < count; i++) {
            types.putShort((short) (int) unknown.get(Math.min(i, unknown.size() - 1)));
        }
        StunWriter error = StunWriter.answer(Kind.ERROR, request).error(Stun.UNKNOWN_ATTRIBUTE, "");
        outbox.send(socket, from, ended(error.add(Stun.UNKNOWN_ATTRIBUTES, types.array()), request));
    }

    private static byte[] ended(StunWriter answer, StunMessage request) {
        return request.classic() ? answer.bare() : answer.bytes();
    }
}
