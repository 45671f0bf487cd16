package org.dhtrpc.it;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;
import org.dhtrpc.message.Message;
import org.dhtrpc.message.Reply;
import org.dhtrpc.message.Request;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.MalformedMessageException;
import org.dhtrpc.spi.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Makes a liar of a node that does not know it: while it lies, its replies name others than the node meant to name.
 * Unlike a proper codec it has a memory, of the targets that it was asked for.
 */
final class LyingCodec implements Codec {
    private static final int REMEMBERED = 64;

    private final Codec codec;
    private final Map<Long, Key> targets = new LinkedHashMap<>();

    /** Whom to name, by the target of the request: few enough to have room in a reply. Null for the truth. */
    @Nullable
    Function<Key, List<Contact>> lie;

    private @Nullable Message meant;
    private @Nullable Message told;

    LyingCodec(Codec codec) {
        this.codec = codec;
    }

    @Override
    public Wire wire() {
        return codec.wire();
    }

    @Override
    public int size(Message message) {
        return codec.size(told(message));
    }

    @Override
    public void encode(Message message, ByteBuffer buffer) {
        codec.encode(told(message), buffer);
    }

    /** The same for one message, so that its size is the size of what is encoded. */
    private Message told(Message message) {
        if (message != meant) {
            meant = message;
            told = lied(message);
        }
        return Objects.requireNonNull(told);
    }

    private Message lied(Message message) {
        Function<Key, List<Contact>> lying = lie;
        Key target = targets.get(message.transaction());
        return lying != null && target != null && message instanceof Reply reply && reply.contacts() != null
                ? reply.withContacts(lying.apply(target))
                : message;
    }

    @Override
    public Message decode(ByteBuffer buffer) throws MalformedMessageException {
        Message message = codec.decode(buffer);
        Key target = message instanceof Request request ? request.target() : null;
        if (target != null) {
            targets.put(message.transaction(), target);
            if (targets.size() > REMEMBERED) {
                targets.remove(targets.keySet().iterator().next());
            }
        }
        return message;
    }
}
