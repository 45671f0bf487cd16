// node jmh.mjs JAR CodecBench|TableBench [JMH ARGS]: runs JMH, prints one JSON line per contestant
// (CPU ns per operation by anchors.CpuProf, bytes allocated per operation by -prof gc).
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
const [jar, bench, ...rest] = process.argv.slice(2)
const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'jmh-')), 'r.json')
const p = spawnSync(
  'java',
  [
    '-Xmx1g',
    '-jar',
    jar,
    'jmh',
    'anchors.' + bench,
    '-prof',
    'gc',
    '-prof',
    'anchors.CpuProf',
    '-rf',
    'json',
    '-rff',
    file,
    ...rest
  ],
  { encoding: 'utf8', maxBuffer: 1 << 28 }
)
if (p.status !== 0) {
  console.error(p.stdout.slice(-2000), p.stderr.slice(-2000))
  process.exit(1)
}
const bytes = (p.stdout.match(/# bytes: msgpack (\d+)\/(\d+) protobuf (\d+)\/(\d+) compact (\d+)\/(\d+)/) || [])
  .slice(1)
  .map(Number)
const held = +(p.stdout.match(/# held (\d+)/) || [])[1]
const rs = JSON.parse(fs.readFileSync(file))
const m = {}
for (const r of rs)
  m[r.benchmark.split('.').pop()] = {
    ns: r.secondaryMetrics['cpu.norm'].score,
    wall: r.primaryMetric.score,
    b: Math.round(r.secondaryMetrics['gc.alloc.rate.norm'].score),
    n: r.params && +r.params.n
  }
const r1 = x => (x === undefined ? undefined : +x.toPrecision(4))
if (bench === 'CodecBench') {
  const sizes = {
    'msgpack-core': 0,
    'msgpack-core-reused': 0,
    'msgpack-hand': 0,
    'msgpack-hand-view': 0,
    protobuf: 2,
    compact: 4,
    'compact-view': 4,
    'compact-direct': 4
  }
  const row = (impl, eq, dq, er, dr) =>
    console.log(
      JSON.stringify({
        suite: 'codec',
        impl,
        req_bytes: bytes[sizes[impl]],
        res_bytes: bytes[sizes[impl] + 1],
        enc_req_ns: r1(m[eq]?.ns),
        dec_req_ns: r1(m[dq]?.ns),
        enc_res_ns: r1(m[er]?.ns),
        dec_res_ns: r1(m[dr]?.ns),
        enc_req_b: m[eq]?.b,
        dec_req_b: m[dq]?.b,
        enc_res_b: m[er]?.b,
        dec_res_b: m[dr]?.b
      })
    )
  row('msgpack-core', 'reqEncodeCore', 'reqDecodeCore', 'resEncodeCore', 'resDecodeCore')
  row('msgpack-core-reused', 'reqEncodeReused', 'reqDecodeReused', 'resEncodeReused', 'resDecodeReused')
  row('msgpack-hand', 'reqEncodeHand', 'reqDecodeHand', 'resEncodeHand', 'resDecodeHand')
  row('msgpack-hand-view', 'reqEncodeHand', 'reqDecodeHandView', 'resEncodeHand', 'resDecodeHandView')
  row('protobuf', 'reqEncodePb', 'reqDecodePb', 'resEncodePb', 'resDecodePb')
  row('compact', 'reqEncodeCompact', 'reqDecodeCompact', 'resEncodeCompact', 'resDecodeCompact')
  row('compact-view', undefined, undefined, undefined, 'resDecodeCompactView')
  row('compact-direct', undefined, undefined, 'resEncodeCompactDirect', undefined)
} else {
  const n = Object.values(m)[0].n
  const row = (impl, h, closest, fill) =>
    console.log(
      JSON.stringify({
        suite: 'table',
        impl,
        n,
        held: h,
        closest20_ns: r1(m[closest].ns),
        alloc_b: m[closest].b,
        add_ns: fill && r1(m[fill].ns / n),
        recall20: 1,
        exact_order: 1
      })
    )
  row('java-naive-sort', n, 'naiveSort')
  row('java-naive-heap', n, 'naiveHeap')
  row('java-rows-objects', held, 'rowsObjects', 'fillRowsObjects')
  row('java-rows-flat', held, 'rowsFlat', 'fillRowsFlat')
}
