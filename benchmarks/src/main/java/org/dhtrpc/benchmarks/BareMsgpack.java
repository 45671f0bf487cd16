package org.dhtrpc.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.core.buffer.ArrayBufferInput;

/**
 * The same messages as ours on the wire, by msgpack-core alone in the way that is cheapest: one packer and one unpacker
 * for all, arrays of bytes for everything, nothing checked.
 */
final class BareMsgpack {
    private static final int KEY = 32;
    private static final int ENDPOINT = 6;
    private static final byte[] IPV4 = {4};
    private static final int CONTACT = KEY + 1 + ENDPOINT;

    private final MessageBufferPacker packer;
    private final byte[] datagram = new byte[1_472];
    private final ArrayBufferInput input = new ArrayBufferInput(new byte[0]);
    private final MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(input);

    BareMsgpack(MessageBufferPacker packer) {
        this.packer = packer;
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Request(
            long transaction,
            byte[] to,
            byte[] sender,
            String command,
            byte[] target,
            boolean commit,
            byte[] token,
            byte[] value) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Reply(
            long transaction,
            byte[] to,
            byte[] sender,
            Contact[] contacts,
            byte[] token,
            int error,
            byte @Nullable [] value) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Contact(byte[] id, byte[] endpoint) {}

    void write(Request request, ByteBuffer to) throws IOException {
        packer.clear();
        packer.packArrayHeader(12).packInt(1).packInt(0).packLong(request.transaction);
        bytes(request.to);
        bytes(request.sender);
        packer.packString(request.command);
        bytes(request.target);
        packer.packBoolean(request.commit);
        bytes(request.token);
        bytes(request.value);
        packer.packNil().packNil();
        written(to);
    }

    void write(Reply reply, ByteBuffer to) throws IOException {
        packer.clear();
        packer.packArrayHeader(9).packInt(1).packInt(1).packLong(reply.transaction);
        bytes(reply.to);
        bytes(reply.sender);
        packer.packBinaryHeader(reply.contacts.length * CONTACT);
        for (Contact contact : reply.contacts) {
            packer.writePayload(contact.id);
            packer.writePayload(IPV4);
            packer.writePayload(contact.endpoint);
        }
        bytes(reply.token);
        packer.packInt(reply.error).packNil();
        written(to);
    }

    private void bytes(byte[] bytes) throws IOException {
        packer.packBinaryHeader(bytes.length).writePayload(bytes);
    }

    private void written(ByteBuffer to) {
        to.put(packer.toMessageBuffer().sliceAsByteBuffer());
    }

    Request readRequest(ByteBuffer from) throws IOException {
        long transaction = head(from);
        return new Request(
                transaction,
                bytes(),
                bytes(),
                unpacker.unpackString(),
                bytes(),
                unpacker.unpackBoolean(),
                bytes(),
                bytes());
    }

    Reply readReply(ByteBuffer from) throws IOException {
        long transaction = head(from);
        byte[] to = bytes();
        byte[] sender = bytes();
        Contact[] contacts = new Contact[unpacker.unpackBinaryHeader() / CONTACT];
        for (int i = 0; i < contacts.length; i++) {
            byte[] id = unpacker.readPayload(KEY);
            unpacker.unpackByte();
            contacts[i] = new Contact(id, unpacker.readPayload(ENDPOINT));
        }
        return new Reply(transaction, to, sender, contacts, bytes(), unpacker.unpackInt(), null);
    }

    private long head(ByteBuffer from) throws IOException {
        int length = from.remaining();
        from.get(datagram, 0, length);
        input.reset(datagram, 0, length);
        unpacker.reset(input);
        unpacker.unpackArrayHeader();
        unpacker.unpackInt();
        unpacker.unpackInt();
        return unpacker.unpackLong();
    }

    private byte[] bytes() throws IOException {
        return unpacker.readPayload(unpacker.unpackBinaryHeader());
    }
}
