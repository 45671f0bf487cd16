'use strict'
// Two-node adapters. server(opts) -> {port, close}; client(port, opts) -> {ops: {name: (cb) => void}, close}
// query: custom command, 32-byte target (20 for the bencode family), 100-byte value there and back.
const crypto = require('crypto')
const { freePort } = require('./measure')
const HOST = '127.0.0.1'
const VALUE = crypto.createHash('sha512').update('v').digest().slice(0, 50)
const V100 = Buffer.concat([VALUE, VALUE])
const T32 = crypto.createHash('sha256').update('target').digest()
const T20 = T32.slice(0, 20)
const CMD6 = 100

function version(p) {
  return require(p + '/package.json').version
}

const A = {}

A['dht-rpc-2'] = {
  version: () => version('dht-rpc-v2'),
  async server({ closer, window }) {
    const dht = require('dht-rpc-v2')
    const node = dht({ concurrency: Math.max(16, window) })
    node.on('query:bench', (q, cb) => cb(null, q.value))
    node.on('update:bench', (q, cb) => cb(null, q.value))
    await new Promise(resolve => node.listen(0, resolve))
    for (let i = 0; i < closer; i++) node._addNode(crypto.randomBytes(32), { host: '127.9.9.' + (i + 1), port: 9 })
    return { port: node.address().port, close: () => node.destroy() }
  },
  async client(port, { window }) {
    const dht = require('dht-rpc-v2')
    const node = dht({ concurrency: Math.max(16, window) })
    await new Promise(resolve => node.listen(0, resolve))
    const peer = { host: HOST, port }
    return {
      ops: {
        ping: cb => node.ping(peer, cb),
        // the public call for one known peer (a query stream restricted to that peer)
        query: cb =>
          node.query({ command: 'bench', target: T32, value: V100 }, { node: peer }, (err, r) =>
            cb(err, r && r[0].value)
          ),
        // the RPC beneath it, without the stream: comparable with v6's request()
        request: cb =>
          node._request({ command: 'bench', id: node._queryId, target: T32, value: V100 }, peer, false, (err, r) =>
            cb(err, r && r.value)
          )
      },
      close: () => node.destroy()
    }
  }
}

A['dht-rpc-6'] = {
  version: () => version('dht-rpc-v6'),
  async server({ closer }) {
    const DHT = require('dht-rpc-v6')
    const node = DHT.bootstrapper(await freePort(), HOST, { host: HOST })
    node.on('request', req => {
      if (req.command === CMD6) req.reply(req.value)
    })
    await node.fullyBootstrapped()
    for (let i = 0; i < closer; i++) node.addNode({ host: '127.9.9.' + (i + 1), port: 9 })
    return { port: node.address().port, close: () => node.destroy() }
  },
  async client(port, { window, stock }) {
    const DHT = require('dht-rpc-v6')
    const o = { host: HOST }
    if (!stock) o.maxWindow = Math.max(80, 64 * window) // lift the congestion window, else it is what is measured
    const node = DHT.bootstrapper(await freePort(), HOST, o)
    await node.fullyBootstrapped()
    const peer = { host: HOST, port }
    const q = { command: CMD6, target: T32, value: V100 }
    return {
      ops: {
        ping: cb => node.ping(peer).then(() => cb(null), cb),
        query: cb => node.request(q, peer).then(r => cb(null, r.value), cb),
        request: cb => node.request(q, peer).then(r => cb(null, r.value), cb)
      },
      close: () => node.destroy()
    }
  }
}

A['k-rpc'] = {
  version: () => version('k-rpc'),
  async server({ closer }) {
    const krpc = require('k-rpc')
    const rpc = krpc({ bootstrap: false, idLength: 20 })
    rpc.on('query', (q, peer) => {
      if (q.q.toString() === 'ping') return rpc.response(peer, q, {})
      rpc.response(peer, q, { v: q.a.v }, rpc.nodes.closest(q.a.target, 20))
    })
    await new Promise(resolve => rpc.bind(0, HOST, resolve))
    for (let i = 0; i < closer; i++)
      rpc.nodes.add({ id: crypto.randomBytes(20), host: '127.9.9.' + (i + 1), port: 9, seen: Date.now() })
    return { port: rpc.address().port, close: () => rpc.destroy() }
  },
  async client(port, { window }) {
    const krpc = require('k-rpc')
    const rpc = krpc({ bootstrap: false, idLength: 20, concurrency: Math.max(16, window) })
    await new Promise(resolve => rpc.bind(0, HOST, resolve))
    const peer = { host: HOST, port }
    const query = cb => rpc.query(peer, { q: 'bench', a: { target: T20, v: V100 } }, (err, r) => cb(err, r && r.r.v))
    return {
      ops: { ping: cb => rpc.query(peer, { q: 'ping' }, cb), query, request: query },
      close: () => rpc.destroy()
    }
  }
}

A['bittorrent-dht'] = {
  version: () =>
    JSON.parse(
      require('fs').readFileSync(require('path').join(__dirname, '../node_modules/bittorrent-dht/package.json'))
    ).version,
  async server({ closer }) {
    const DHT = (await import('bittorrent-dht')).Client
    const node = new DHT({ bootstrap: false, host: HOST })
    await new Promise(resolve => node.listen(0, HOST, resolve))
    for (let i = 0; i < closer; i++)
      node._rpc.nodes.add({ id: crypto.randomBytes(20), host: '127.9.9.' + (i + 1), port: 9, seen: Date.now() })
    node._values.set(T20.toString('hex'), { v: V100, id: node.nodeId })
    return { port: node.address().port, close: () => node.destroy() }
  },
  async client(port, { window }) {
    const DHT = (await import('bittorrent-dht')).Client
    const node = new DHT({ bootstrap: false, concurrency: Math.max(16, window), host: HOST })
    await new Promise(resolve => node.listen(0, HOST, resolve))
    const peer = { host: HOST, port }
    // 'get' of a stored 100-byte value: token + value (+ closest nodes) in the reply
    const query = cb =>
      node._rpc.query(peer, { q: 'get', a: { id: node.nodeId, target: T20 } }, (err, r) => cb(err, r && r.r.v))
    return {
      ops: { ping: cb => node._rpc.query(peer, { q: 'ping', a: { id: node.nodeId } }, cb), query, request: query },
      close: () => node.destroy()
    }
  }
}

module.exports = { A, V100 }
