'use strict'
// node codec.js --impl dht-rpc-2|dht-rpc-6|bencode   encode / decode CPU ns of one request and one 20-node response
process.removeAllListeners('warning')
const crypto = require('crypto')
const { Noise, cpuUs, emit, args } = require('./lib/measure')
const o = args({ impl: 'dht-rpc-6', seconds: 1 })
const rb = n => crypto.randomBytes(n)
const id = rb(32)
const target = rb(32)
const token = rb(32)
const value = rb(50)
const list = Array.from({ length: 20 }, (_, i) => ({ id: rb(32), host: '10.1.' + i + '.7', port: 2000 + i }))

const impls = {
  'dht-rpc-2'() {
    // protocol-buffers + ipv4-peers
    const m = require('dht-rpc-v2/messages')
    const nodes = require('ipv4-peers').idLength(32)
    const q = { command: 'store', id, target, value, roundtripToken: null }
    return {
      encQ: () => {
        const b = Buffer.allocUnsafe(m.Request.encodingLength(q) + 2)
        m.Request.encode(q, b, 2)
        return b
      },
      decQ: b => m.Request.decode(b, 2),
      encR: () => {
        const r = { id, nodes: nodes.encode(list), value: null, roundtripToken: token }
        const b = Buffer.allocUnsafe(m.Response.encodingLength(r) + 2)
        m.Response.encode(r, b, 2)
        return b
      },
      decR: b => {
        const r = m.Response.decode(b, 2)
        r.list = nodes.decode(r.nodes)
        return r
      }
    }
  },
  'dht-rpc-6'() {
    // compact-encoding; the node list has no ids (they are hashes of the addresses)
    const peer = require('dht-rpc-v6/lib/peer')
    const IO = require('dht-rpc-v6/lib/io')
    const EventEmitter = require('events')
    let out = null
    const sock = {
      trySend(b) {
        out = b
      }
    }
    const io = new IO(
      { id, closest: () => list },
      { watchNetworkInterfaces: () => new EventEmitter() },
      {
        onrequest: r => {
          got = r
        }
      }
    )
    let got = null
    io.ephemeral = false
    io.serverSocket = sock
    io.firewalled = false
    io.token = () => token // codec only, no hash
    const to = { id: null, host: '10.1.0.7', port: 2000 }
    const req = io.createRequest(to, null, false, 5, target, value, null, 0)
    const srvReq = io.createRequest(to, null, false, 5, target, null, null, 0)
    srvReq.from = to
    io.inflight = []
    const from = { host: '10.1.0.7', port: 2000 }
    return {
      encQ: () => req._encodeRequest(null, value, to, sock),
      // decoding verifies the sender's id (one BLAKE2b), as the library does
      decQ: b => {
        io.onmessage(sock, b, from)
        return got
      },
      encR: () => {
        srvReq._sendReply(0, null, true, true, to, sock)
        return out
      },
      decR: b => {
        io.onmessage(sock, b, from)
      }, // decodes, then finds no such request
      // what a lookup adds: the 20 ids, each one BLAKE2b
      ids: () => {
        for (const n of list) peer.id(n.host, n.port)
      }
    }
  },
  async bencode() {
    const bencode = (await import('bencode')).default
    const pack = () => {
      const b = Buffer.allocUnsafe(20 * 38)
      list.forEach((n, i) => {
        n.id.copy(b, i * 38)
        n.host.split('.').forEach((x, j) => {
          b[i * 38 + 32 + j] = +x
        })
        b.writeUInt16BE(n.port, i * 38 + 36)
      })
      return b
    }
    const unpack = b => {
      const r = []
      for (let i = 0; i < b.length; i += 38)
        r.push({
          id: b.slice(i, i + 32),
          host: b[i + 32] + '.' + b[i + 33] + '.' + b[i + 34] + '.' + b[i + 35],
          port: b.readUInt16BE(i + 36)
        })
      return r
    }
    const t = Buffer.from('ab')
    return {
      encQ: () => bencode.encode({ t, y: 'q', q: 'store', a: { id, target, v: value } }),
      decQ: b => bencode.decode(b),
      encR: () => bencode.encode({ t, y: 'r', r: { id, token, nodes: pack() } }),
      decR: b => {
        const r = bencode.decode(b)
        r.list = unpack(Buffer.from(r.r.nodes))
        return r
      }
    }
  }
}

function perOp(fn) {
  let n = 0
  const run = s => {
    n = 0
    const c0 = cpuUs()
    const end = c0 + s * 1e6
    do {
      for (let i = 0; i < 64; i++) {
        fn()
        n++
      }
    } while (cpuUs() < end)
    return ((cpuUs() - c0) * 1000) / n
  }
  run(o.seconds / 2)
  return +run(o.seconds).toFixed(0)
}

;(async () => {
  const c = await impls[o.impl]()
  const q = c.encQ()
  const r = c.encR()
  const noise = new Noise()
  const c0 = cpuUs()
  const res = {
    suite: 'codec-js',
    impl: o.impl,
    req_bytes: q.length,
    res_bytes: r.length,
    enc_req_ns: perOp(c.encQ),
    dec_req_ns: perOp(() => c.decQ(q)),
    enc_res_ns: perOp(c.encR),
    dec_res_ns: perOp(() => c.decR(r))
  }
  if (c.ids) res.ids20_ns = perOp(c.ids)
  emit({ ...res, ...noise.end(cpuUs() - c0) })
  process.exit(0)
})()
