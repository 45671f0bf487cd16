package org.dhtrpc.holepunch;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.random.RandomGenerator;
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;

/** One end's share of a key, for one punch: X25519 (RFC 7748), so that a referrer who only passes things on never has it. */
final class KeyExchange {
    static final int KEY = 32;

    private static final String X25519 = "X25519";
    private static final BigInteger BASE_POINT = BigInteger.valueOf(9);

    private final PrivateKey secret;
    private final byte[] publicKey;

    KeyExchange(RandomGenerator random) {
        byte[] scalar = new byte[KEY];
        random.nextBytes(scalar);
        try {
            secret = KeyFactory.getInstance(X25519)
                    .generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar));
            publicKey = agree(BASE_POINT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no X25519", e);
        }
    }

    /** What the other end is told. */
    byte[] publicKey() {
        return publicKey.clone();
    }

    /**
     * The key that both ends have, once each knows what the other was told; null if the other's is none.
     *
     * @param punch the number of the punch
     * @param purpose what it is for: one key for each
     */
    byte @Nullable [] shared(byte[] other, long punch, String purpose) {
        if (other.length != KEY) {
            return null;
        }
        try {
            byte[] agreed = agree(new BigInteger(1, reversed(other)));
            byte[] label = (purpose + punch).getBytes(StandardCharsets.US_ASCII);
            // Both have both: the smaller one first.
            boolean first = java.util.Arrays.compareUnsigned(publicKey, other) < 0;
            return Secrets.hmac(agreed, label, first ? publicKey : other, first ? other : publicKey);
        } catch (GeneralSecurityException e) {
            // A point of small order, which no honest end has.
            return null;
        }
    }

    private byte[] agree(BigInteger point) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance(X25519);
        agreement.init(secret);
        agreement.doPhase(
                KeyFactory.getInstance(X25519).generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, point)),
                true);
        return agreement.generateSecret();
    }

    /** Numbers of X25519 are written from their lowest byte on. */
    private static byte[] reversed(byte[] number) {
        byte[] reversed = new byte[number.length];
        for (int i = 0; i < number.length; i++) {
            reversed[i] = number[number.length - 1 - i];
        }
        // The highest bit is to be ignored.
        reversed[0] &= 0x7F;
        return reversed;
    }
}
