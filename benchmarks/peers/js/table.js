'use strict'
// node --expose-gc table.js --impl k-bucket-3|k-bucket-5|kademlia-routing-table|naive-scan --n 10000
// add ns/op (n random ids into an empty table), refresh ns/op (add again a contact already held),
// closest(target,20) ns/op, exactness of its answer. Prints one JSON line.
process.removeAllListeners('warning')
const crypto = require('crypto')
const { Noise, cpuUs, emit, args } = require('./lib/measure')
const o = args({ impl: 'k-bucket-5', n: 10000, seconds: 1 })
const buf = crypto
  .createHash('shake256', { outputLength: 32 * (o.n + 4097) })
  .update('ids')
  .digest()
const id = i => buf.subarray(32 * i, 32 * i + 32)
const local = id(o.n + 4096)
const targets = Array.from({ length: 4096 }, (_, i) => id(o.n + i))
const contact = i => ({ id: id(i), host: '127.0.0.1', port: 1 + (i % 65535), vectorClock: 0 })

function closer(t, a, b) {
  for (let i = 0; i < 32; i++) {
    if (a[i] === b[i]) continue
    return (t[i] ^ a[i]) - (t[i] ^ b[i])
  }
  return 0
}

const impls = {
  'k-bucket-3': () => {
    const K = require('k-bucket-3')
    const t = new K({ localNodeId: local })
    return { add: c => t.add(c), closest: x => t.closest(x, 20), all: () => t.toArray() }
  },
  'k-bucket-5': () => {
    const K = require('k-bucket-5')
    const t = new K({ localNodeId: local })
    return { add: c => t.add(c), closest: x => t.closest(x, 20), all: () => t.toArray() }
  },
  'kademlia-routing-table': () => {
    const T = require('kademlia-routing-table')
    const t = new T(local)
    return { add: c => t.add(c), closest: x => t.closest(x, 20), all: () => t.toArray() }
  },
  'naive-scan': () => {
    const a = []
    return {
      add: c => a.push(c),
      closest: x =>
        a
          .slice()
          .sort((p, q) => closer(x, p.id, q.id))
          .slice(0, 20),
      all: () => a
    }
  }
}

const t = impls[o.impl]()
const contacts = Array.from({ length: o.n }, (_, i) => contact(i))
const noise = new Noise()
const c00 = cpuUs()

// CPU time, not wall time, so that a busy machine does not enter the figure
function perOp(fn, minSeconds) {
  let n = 0
  const c0 = cpuUs()
  const end = c0 + minSeconds * 1e6
  do {
    for (let i = 0; i < 64; i++) fn(n++)
  } while (cpuUs() < end)
  return ((cpuUs() - c0) * 1000) / n
}

// add: whole fills of fresh tables, repeated for the time given
let fills = 0
const a0 = cpuUs()
do {
  const x = impls[o.impl]()
  for (let i = 0; i < o.n; i++) x.add(contacts[i])
  fills++
} while (cpuUs() - a0 < o.seconds * 1e6)
const addNs = ((cpuUs() - a0) * 1000) / (fills * o.n)
for (let i = 0; i < o.n; i++) t.add(contacts[i])
const held = t.all()
const refreshNs = o.impl === 'naive-scan' ? null : perOp(i => t.add(held[i % held.length]), o.seconds)
let sink = 0
perOp(i => {
  sink += t.closest(targets[i & 4095]).length
}, o.seconds / 2)
const closestNs = perOp(i => {
  sink += t.closest(targets[i & 4095]).length
}, o.seconds)
let hit = 0
let ordered = 0
for (let i = 0; i < 200; i++) {
  const x = targets[i]
  const best = held
    .slice()
    .sort((p, q) => closer(x, p.id, q.id))
    .slice(0, 20)
  const got = t.closest(x)
  const set = new Set(best.map(c => c.id))
  hit += got.filter(c => set.has(c.id)).length / best.length
  if (got.length === best.length && got.every((c, j) => c.id === best[j].id)) ordered++
}
emit({
  suite: 'table',
  impl: o.impl,
  n: o.n,
  held: held.length,
  add_ns: +addNs.toFixed(0),
  refresh_ns: refreshNs && +refreshNs.toFixed(0),
  closest20_ns: +closestNs.toFixed(0),
  recall20: +(hit / 200).toFixed(4),
  exact_order: +(ordered / 200).toFixed(3),
  sink: sink > 0,
  ...noise.end(cpuUs() - c00)
})
