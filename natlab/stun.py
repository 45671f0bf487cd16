"""STUN as far as natprobe needs it: messages of RFC 8489, 5780 and 3489, a
server on two addresses and two ports, and one socket that asks."""
import os
import select
import socket
import struct
import time
import zlib

MAGIC = 0x2112A442
BINDING_REQUEST, BINDING_SUCCESS, BINDING_ERROR = 0x0001, 0x0101, 0x0111
A_MAPPED, A_CHANGE_REQUEST, A_SOURCE, A_CHANGED = 0x0001, 0x0003, 0x0004, 0x0005
A_ERROR, A_UNKNOWN, A_XOR_MAPPED = 0x0009, 0x000A, 0x0020
A_PADDING, A_RESPONSE_PORT = 0x0026, 0x0027
A_SOFTWARE, A_FINGERPRINT = 0x8022, 0x8028
A_RESPONSE_ORIGIN, A_OTHER_ADDRESS = 0x802B, 0x802C
CHANGE_IP, CHANGE_PORT = 0x04, 0x02
SOFTWARE = b"natprobe"


# ---------------------------------------------------------------- messages

def attr(kind, value):
    pad = (4 - len(value) % 4) % 4
    return struct.pack("!HH", kind, len(value)) + value + b"\0" * pad


def address_value(host, port, xor=False):
    raw = struct.unpack("!I", socket.inet_aton(host))[0]
    if xor:
        port ^= MAGIC >> 16
        raw ^= MAGIC
    return struct.pack("!BBHI", 0, 1, port, raw)


def parse_address(value, xor=False):
    if len(value) < 8 or value[1] != 1:
        return None
    port, raw = struct.unpack("!HI", value[2:8])
    if xor:
        port ^= MAGIC >> 16
        raw ^= MAGIC
    return (socket.inet_ntoa(struct.pack("!I", raw)), port)


def message(kind, txid, attrs, fingerprint=True):
    """txid is the 16 bytes after the length field (magic cookie included)."""
    body = b"".join(attr(k, v) for k, v in attrs)
    if not fingerprint:
        return struct.pack("!HH", kind, len(body)) + txid + body
    head = struct.pack("!HH", kind, len(body) + 8) + txid
    crc = (zlib.crc32(head + body) & 0xFFFFFFFF) ^ 0x5354554E
    return head + body + attr(A_FINGERPRINT, struct.pack("!I", crc))


def parse(data):
    """-> (type, txid, [(attribute, value)]) or None."""
    if len(data) < 20:
        return None
    kind, length = struct.unpack("!HH", data[:4])
    if kind & 0xC000 or length % 4 or length + 20 != len(data):
        return None
    attrs, pos = [], 20
    while pos < len(data):
        if pos + 4 > len(data):
            return None
        k, n = struct.unpack("!HH", data[pos:pos + 4])
        if pos + 4 + n > len(data):
            return None
        attrs.append((k, data[pos + 4:pos + 4 + n]))
        pos += 4 + n + (4 - n % 4) % 4
    return kind, data[4:20], attrs


def serve(args):
    addrs, ports = [args.addr1, args.addr2], [args.port, args.alt_port]
    socks = {}
    for i, a in enumerate(addrs):
        for j, p in enumerate(ports):
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.bind((a, p))
            socks[(i, j)] = s
    where = {s.fileno(): ij for ij, s in socks.items()}
    known = {A_CHANGE_REQUEST, A_RESPONSE_PORT, A_PADDING, A_MAPPED, A_XOR_MAPPED, 0x0006, 0x0008}
    print("ready %s %s ports %d %d" % (args.addr1, args.addr2, args.port, args.alt_port), flush=True)
    while True:
        ready, _, _ = select.select(list(socks.values()), [], [])
        for s in ready:
            try:
                data, peer = s.recvfrom(2048)
            except OSError:
                continue
            msg = parse(data)
            if msg is None or msg[0] != BINDING_REQUEST:
                continue
            _, txid, attrs = msg
            classic = txid[:4] != struct.pack("!I", MAGIC)
            i, j = where[s.fileno()]
            unknown = [k for k, _ in attrs if k < 0x8000 and k not in known]
            if unknown and not classic:
                err = [(A_ERROR, struct.pack("!HBB", 0, 4, 20) + b"Unknown Attribute"),
                       (A_UNKNOWN, b"".join(struct.pack("!H", k) for k in unknown))]
                s.sendto(message(BINDING_ERROR, txid, err), peer)
                continue
            out_i, out_j, dest = i, j, peer
            for k, v in attrs:
                if k == A_CHANGE_REQUEST and len(v) == 4:
                    flags = struct.unpack("!I", v)[0]
                    out_i ^= bool(flags & CHANGE_IP)
                    out_j ^= bool(flags & CHANGE_PORT)
                elif k == A_RESPONSE_PORT and len(v) >= 2:
                    dest = (peer[0], struct.unpack("!H", v[:2])[0])
            origin = (addrs[out_i], ports[out_j])
            other = (addrs[1 - i], ports[1 - j])
            if classic:
                reply = message(BINDING_SUCCESS, txid, [
                    (A_MAPPED, address_value(*peer)), (A_SOURCE, address_value(*origin)),
                    (A_CHANGED, address_value(*other))], fingerprint=False)
            else:
                reply = message(BINDING_SUCCESS, txid, [
                    (A_XOR_MAPPED, address_value(*peer, xor=True)), (A_MAPPED, address_value(*peer)),
                    (A_RESPONSE_ORIGIN, address_value(*origin)), (A_OTHER_ADDRESS, address_value(*other)),
                    (A_SOFTWARE, SOFTWARE)])
            try:
                socks[(out_i, out_j)].sendto(reply, dest)
            except OSError:
                pass


class Client:
    """One UDP socket that speaks STUN Binding."""

    def __init__(self, port=0, timeout=0.5, tries=3):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("0.0.0.0", port))
        self.port = self.sock.getsockname()[1]
        self.timeout, self.tries = timeout, tries

    def local(self, server):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            s.connect(server)
            return (s.getsockname()[0], self.port)
        finally:
            s.close()

    def send(self, dest, attrs=()):
        txid = struct.pack("!I", MAGIC) + os.urandom(12)
        self.sock.sendto(message(BINDING_REQUEST, txid, list(attrs)), dest)
        return txid

    def wait(self, txids, seconds):
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            if left <= 0:
                return None
            if not select.select([self.sock], [], [], left)[0]:
                return None
            try:
                data, peer = self.sock.recvfrom(2048)
            except OSError:
                continue
            msg = parse(data)
            if msg is None or msg[0] != BINDING_SUCCESS or msg[1] not in txids:
                continue
            out = {"from": peer}
            for k, v in msg[2]:
                if k == A_XOR_MAPPED:
                    out["mapped"] = parse_address(v, xor=True)
                elif k == A_MAPPED:
                    out.setdefault("mapped", parse_address(v))
                elif k in (A_OTHER_ADDRESS, A_CHANGED):
                    out["other"] = parse_address(v)
                elif k in (A_RESPONSE_ORIGIN, A_SOURCE):
                    out["origin"] = parse_address(v)
            return out

    def request(self, dest, attrs=(), tries=None):
        txids = []
        for _ in range(tries or self.tries):
            txids.append(self.send(dest, attrs))
            got = self.wait(txids, self.timeout)
            if got:
                return got
        return None

    def close(self):
        self.sock.close()
