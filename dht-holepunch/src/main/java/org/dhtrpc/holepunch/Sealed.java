package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One direction of what a referrer relays and cannot read: ChaCha20-Poly1305 (RFC 8439) by a key that is used for nothing else,
 * with a number that goes up. What was opened once, or is too old, is not opened again.
 */
final class Sealed {
    /** By so much a datagram grows: its number and the tag. */
    static final int OVERHEAD = 8 + 16;

    private static final String CHACHA = "ChaCha20-Poly1305";
    private static final int WINDOW = Long.SIZE;

    private final SecretKeySpec key;
    private long sent;
    private long newest;
    /** Which of the last ones were opened; the lowest bit is the newest. */
    private long opened;

    Sealed(byte[] key) {
        this.key = new SecretKeySpec(key, CHACHA);
    }

    byte[] seal(byte[] plain) {
        long number = ++sent;
        byte[] box = run(Cipher.ENCRYPT_MODE, number, plain);
        if (box == null) {
            throw new IllegalStateException("This Java has no " + CHACHA);
        }
        return ByteBuffer.allocate(8 + box.length).putLong(number).put(box).array();
    }

    /** Null if it is not the other end's, or not new. */
    byte @Nullable [] open(byte[] sealed) {
        if (sealed.length < OVERHEAD) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(sealed);
        long number = buffer.getLong();
        if (number <= 0 || newest - number >= WINDOW || wasOpened(number)) {
            return null;
        }
        byte[] box = new byte[buffer.remaining()];
        buffer.get(box);
        byte[] plain = run(Cipher.DECRYPT_MODE, number, box);
        if (plain != null) {
            note(number);
        }
        return plain;
    }

    private boolean wasOpened(long number) {
        return number <= newest && (opened >>> (newest - number) & 1) != 0;
    }

    private void note(long number) {
        if (number > newest) {
            long ahead = number - newest;
            opened = ahead >= WINDOW ? 1 : opened << ahead | 1;
            newest = number;
        } else {
            opened |= 1L << (newest - number);
        }
    }

    private byte @Nullable [] run(int mode, long number, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance(CHACHA);
            byte[] nonce = ByteBuffer.allocate(12).putInt(0).putLong(number).array();
            cipher.init(mode, key, new IvParameterSpec(nonce));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            return null;
        }
    }
}
