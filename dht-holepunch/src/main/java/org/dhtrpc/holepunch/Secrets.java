package org.dhtrpc.holepunch;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Message authentication: HMAC, and what STUN makes of it (RFC 8489, sections 14.5 and 14.6). */
final class Secrets {
    private static final String SHA256 = "HmacSHA256";

    private Secrets() {}

    static byte[] hmac(byte[] key, byte[]... parts) {
        Mac mac = mac(SHA256, key);
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    /**
     * The value of an integrity attribute behind so many bytes of a message, as if nothing came after it.
     *
     * @param type which of the two
     * @param length of the value; what is more of the code is cut off
     */
    static byte[] integrity(int type, byte[] key, byte[] message, int before, int length) {
        Mac mac = mac(type == Stun.MESSAGE_INTEGRITY ? "HmacSHA1" : SHA256, key);
        ByteBuffer header = ByteBuffer.allocate(4).put(message, 0, 2);
        header.putShort((short) (before + 4 + length - Stun.HEADER));
        mac.update(header.array());
        mac.update(message, 4, before - 4);
        return Arrays.copyOf(mac.doFinal(), length);
    }

    private static Mac mac(String algorithm, byte[] key) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no " + algorithm, e);
        }
    }
}
