'use strict'
// node --expose-gc lookup.js --impl dht-rpc-2|dht-rpc-6|bittorrent-dht --n 100 --lookups 500 --stores 200 --parallel 16
// A whole network of n nodes in this process on 127.0.0.1. Prints one JSON line.
process.removeAllListeners('warning')
const crypto = require('crypto')
const path = require('path')
const { Lat, Noise, cpuUs, emit, args, freePort, sleep } = require('./lib/measure')
const o = args({ impl: 'dht-rpc-6', n: 100, lookups: 500, stores: 200, parallel: 16, join: 8, seed: 1 })
const HOST = '127.0.0.1'
const V100 = n =>
  Buffer.concat([
    crypto
      .createHash('sha512')
      .update('v' + n)
      .digest(),
    crypto
      .createHash('sha512')
      .update('w' + n)
      .digest()
  ]).slice(0, 100)
let msgs = 0 // requests handled by any node (every kind)
let stored = 0 // replicas written

// deterministic randomness for targets and origins
let ctr = 0
const rnd = len =>
  crypto
    .createHash('sha256')
    .update(o.seed + ':' + ctr++)
    .digest()
    .slice(0, len)
const pick = n => rnd(4).readUInt32BE(0) % n

const nets = {}

nets['dht-rpc-2'] = async () => {
  const dht = require('dht-rpc-v2')
  const boot = dht({ ephemeral: true })
  await new Promise(resolve => boot.listen(0, resolve))
  const bootstrap = HOST + ':' + boot.address().port
  return {
    version: require('dht-rpc-v2/package.json').version,
    idLen: 32,
    async join() {
      const node = dht({ bootstrap: [bootstrap] })
      const vals = new Map()
      node.socket.on('request', () => {
        msgs++
      })
      node.on('update:kv', (q, cb) => {
        if (q.value) {
          vals.set(q.target.toString('hex'), q.value)
          stored++
        }
        cb()
      })
      node.on('query:kv', (q, cb) => cb(null, vals.get(q.target.toString('hex'))))
      await new Promise(resolve => node.listen(0, resolve))
      await new Promise(resolve => node.ready(resolve))
      return node
    },
    id: node => node.id,
    lookup: (node, target) =>
      new Promise((resolve, reject) =>
        node.query({ command: 'kv', target }, (err, rs) =>
          err ? reject(err) : resolve({ ids: rs.map(r => r.node.id), value: (rs.find(r => r.value) || {}).value })
        )
      ),
    store: (node, target, value) =>
      new Promise((resolve, reject) =>
        node.update({ command: 'kv', target, value }, err => (err ? reject(err) : resolve(target)))
      )
  }
}

nets['dht-rpc-6'] = async () => {
  const DHT = require('dht-rpc-v6')
  const port = await freePort()
  const boot = DHT.bootstrapper(port, HOST, { host: HOST })
  await boot.fullyBootstrapped()
  return {
    version: require('dht-rpc-v6/package.json').version,
    idLen: 32,
    async join() {
      const node = new DHT({ bootstrap: [{ host: HOST, port }], ephemeral: false, firewalled: false, host: HOST })
      const vals = new Map()
      const on = node.io.onrequest
      node.io.onrequest = (req, external) => {
        msgs++
        on(req, external)
      }
      node.on('request', req => {
        const k = req.target.toString('hex')
        if (req.token) {
          vals.set(k, req.value)
          stored++
          req.reply(null)
        } else req.reply(vals.get(k) || null)
      })
      await node.fullyBootstrapped()
      if (node.ephemeral) throw new Error('node stayed ephemeral')
      return node
    },
    id: node => node.id,
    async lookup(node, target) {
      const q = node.query({ target, command: 100 })
      let value = null
      const ids = []
      for await (const m of q) {
        ids.push(m.from.id)
        if (m.value) value = m.value
      }
      return { ids: q.closestReplies.map(r => r.from.id).concat(ids), value }
    },
    async store(node, target, value) {
      await node.query({ target, command: 100, value }, { commit: true }).finished()
      return target
    }
  }
}

nets['bittorrent-dht'] = async () => {
  const DHT = (await import('bittorrent-dht')).Client
  const boot = new DHT({ bootstrap: false, host: HOST })
  await new Promise(resolve => boot.listen(0, HOST, resolve))
  const bootstrap = HOST + ':' + boot.address().port
  return {
    version: JSON.parse(require('fs').readFileSync(path.join(__dirname, 'node_modules/bittorrent-dht/package.json')))
      .version,
    idLen: 20,
    async join() {
      const node = new DHT({ bootstrap: [bootstrap], host: HOST })
      node._rpc.on('query', () => {
        msgs++
      })
      node.on('put', () => {
        stored++
      })
      await new Promise(resolve => node.listen(0, HOST, resolve))
      if (!node.ready) await new Promise(resolve => node.on('ready', resolve))
      return node
    },
    id: node => node.nodeId,
    lookup: (node, target) =>
      new Promise((resolve, reject) =>
        node.get(target, { cache: false }, (err, r) => {
          if (err) return reject(err)
          const t = node._tables.get(target.toString('hex'))
          resolve({ ids: t ? t.closest(target, 20).map(c => c.id) : [], value: r && r.v })
        })
      ),
    store: (node, target, value) =>
      new Promise((resolve, reject) => node.put({ v: value }, (err, key) => (err ? reject(err) : resolve(key))))
  }
}

function closer(t, a, b) {
  for (let i = 0; i < t.length; i++) {
    const d = (t[i] ^ a[i]) - (t[i] ^ b[i])
    if (d) return d
  }
  return 0
}

async function pool(count, parallel, fn) {
  let i = 0
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (i < count) await fn(i++)
    })
  )
}

async function timed(count, parallel, fn) {
  const lat = new Lat(1 << 16)
  const m0 = msgs
  const c0 = cpuUs()
  const t0 = performance.now()
  let failed = 0
  await pool(count, parallel, async i => {
    const t = performance.now()
    try {
      await fn(i)
    } catch (err) {
      failed++
      return
    }
    lat.add((performance.now() - t) * 1000)
  })
  const secs = (performance.now() - t0) / 1000
  const p = lat.pct()
  return {
    per_s: +(count / secs).toFixed(1),
    p50_ms: +(p.p50_us / 1000).toFixed(2),
    p99_ms: +(p.p99_us / 1000).toFixed(2),
    msgs: +((msgs - m0) / count).toFixed(1),
    cpu_ms: +((cpuUs() - c0) / 1000 / count).toFixed(3),
    failed
  }
}

function mem() {
  for (let i = 0; i < 4; i++) global.gc()
  const m = process.memoryUsage()
  return { rss: m.rss, heap: m.heapUsed, ext: m.external } // external includes array buffers
}

async function main() {
  const net = await nets[o.impl]()
  await sleep(200)
  const m0 = mem()
  const noise = new Noise()
  const cAll = cpuUs()
  const c0 = cpuUs()
  const t0 = performance.now()
  const nodes = []
  await pool(o.n, o.join, async () => {
    nodes.push(await net.join())
  })
  const bootS = (performance.now() - t0) / 1000
  const bootCpu = (cpuUs() - c0) / 1e6
  const bootMsgs = msgs
  await sleep(500)
  const m1 = mem()
  const ids = nodes.map(net.id)
  let top1 = 0
  let recall = 0
  let looked = 0
  const check = (self, t, r) => {
    // the asking node never lists itself: leave it out of the truth
    const best = ids
      .filter(id => id !== self)
      .sort((a, b) => closer(t, a, b))
      .slice(0, 20)
      .map(b => Buffer.from(b).toString('hex'))
    const got = new Set(r.ids.map(b => Buffer.from(b).toString('hex')))
    looked++
    if (got.has(best[0])) top1++
    recall += best.filter(h => got.has(h)).length / best.length
  }
  const results = []
  const origins = Array.from({ length: o.lookups }, () => [pick(o.n), rnd(net.idLen)])
  const look = i =>
    net.lookup(nodes[origins[i][0]], origins[i][1]).then(r => results.push([ids[origins[i][0]], origins[i][1], r]))
  await timed(Math.min(100, o.lookups), 4, look) // warm the code
  results.length = 0
  const seq = await timed(o.lookups, 1, look)
  const par = await timed(o.lookups, o.parallel, look)
  for (const [self, t, r] of results) check(self, t, r)
  const keys = []
  stored = 0
  const st = await timed(o.stores, 1, async i => {
    keys[i] = await net.store(nodes[pick(o.n)], rnd(net.idLen), V100(i))
  })
  const replicas = stored / o.stores
  let found = 0
  const get = await timed(o.stores, 1, async i => {
    if (!keys[i]) return
    const r = await net.lookup(nodes[pick(o.n)], keys[i])
    if (r.value && Buffer.from(r.value).equals(V100(i))) found++
  })
  emit({
    suite: 'lookup',
    impl: o.impl,
    version: net.version,
    n: o.n,
    boot_s: +bootS.toFixed(2),
    boot_cpu_s: +bootCpu.toFixed(2),
    boot_msgs_per_node: +(bootMsgs / o.n).toFixed(1),
    rss_kb_per_node: +((m1.rss - m0.rss) / 1024 / o.n).toFixed(1),
    heap_kb_per_node: +((m1.heap + m1.ext - m0.heap - m0.ext) / 1024 / o.n).toFixed(1),
    rss_mb: +(m1.rss / 1048576).toFixed(0),
    lookup: seq,
    ['lookup_x' + o.parallel]: par,
    top1: +(top1 / looked).toFixed(4),
    recall20: +(recall / looked).toFixed(4),
    store: st,
    replicas: +replicas.toFixed(2),
    get,
    found: +(found / o.stores).toFixed(4),
    ...noise.end(cpuUs() - cAll)
  })
  process.exit(0)
}
main().catch(err => {
  console.error(err)
  process.exit(1)
})
