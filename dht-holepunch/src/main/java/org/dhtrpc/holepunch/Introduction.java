package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dhtrpc.Endpoint;
import org.dhtrpc.holepunch.NatProfile.Allocation;
import org.dhtrpc.holepunch.NatProfile.Answer;
import org.dhtrpc.holepunch.NatProfile.Filtering;
import org.dhtrpc.holepunch.NatProfile.Mapping;
import org.jspecify.annotations.Nullable;

/**
 * What the two ends of a punch tell each other of themselves.
 *
 * @param key a public key of X25519
 * @param profile what is before it, without its addresses
 * @param candidates where else it may be reached, at most {@link Candidate#MOST}
 */
@SuppressWarnings("ArrayRecordComponent") // A key is handed on, and never compared by itself.
record Introduction(byte[] key, NatProfile profile, List<Candidate> candidates) {
    private static final int PROFILE = 8;

    /** Reads one; null if it is not whole. */
    static @Nullable Introduction read(StunMessage message) {
        byte[] key = message.value(Stun.KEY);
        byte[] profile = message.value(Stun.PROFILE);
        List<byte[]> written = message.values(Stun.CANDIDATE);
        if (key == null || key.length != KeyExchange.KEY || profile == null || written.size() > Candidate.MOST) {
            return null;
        }
        List<Candidate> candidates = new ArrayList<>();
        byte[] mask = mask(message);
        for (byte[] value : written) {
            Endpoint endpoint = StunMessage.readAddress(ByteBuffer.wrap(value), mask);
            if (endpoint != null && value[0] >= 0 && value[0] < Candidate.Kind.values().length) {
                candidates.add(new Candidate(pick(Candidate.Kind.values(), value[0]), endpoint));
            }
        }
        return new Introduction(key, profile(profile), List.copyOf(candidates));
    }

    void write(StunWriter writer) {
        writer.add(Stun.KEY, key).add(Stun.PROFILE, profileBytes());
        for (Candidate candidate : candidates) {
            byte[] value = writer.xored(candidate.endpoint());
            value[0] = place(Candidate.Kind.values(), candidate.kind());
            writer.add(Stun.CANDIDATE, value);
        }
    }

    private byte[] profileBytes() {
        return ByteBuffer.allocate(PROFILE)
                .put(place(Mapping.values(), profile.mapping()))
                .put(place(Filtering.values(), profile.filtering()))
                .put(place(Allocation.values(), profile.allocation()))
                .put(place(Answer.values(), profile.hairpin()))
                .putInt(profile.step())
                .array();
    }

    /** What a later version has to say beyond this is left aside. */
    private static NatProfile profile(byte[] value) {
        byte[] bytes = Arrays.copyOf(value, PROFILE);
        return new NatProfile(
                pick(Mapping.values(), bytes[0]),
                pick(Filtering.values(), bytes[1]),
                pick(Allocation.values(), bytes[2]),
                ByteBuffer.wrap(bytes).getInt(4),
                pick(Answer.values(), bytes[3]),
                null,
                null,
                null);
    }

    /** The first of each means that it is not known. */
    private static <T> T pick(T[] values, byte index) {
        return values[index >= 0 && index < values.length ? index : 0];
    }

    private static <T> byte place(T[] values, T value) {
        return (byte) List.of(values).indexOf(value);
    }

    private static byte[] mask(StunMessage message) {
        return Arrays.copyOfRange(message.bytes(), 4, Stun.HEADER);
    }
}
