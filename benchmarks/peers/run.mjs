#!/usr/bin/env node
// node run.mjs setup | rpc | lookup | table | codec | echo | all   [options]
//   --rounds N      interleaved rounds (default 5): every contestant runs once per round, then the next round
//   --seconds S     measured seconds per sample    --warmup S
//   --gate S        before each sample wait up to S seconds for the machine to be quiet (default 8)
//   --only A,B      contestants to run             --grep TEXT  only samples whose JSON arguments contain TEXT
//   --quick         one short round
//   --ours 'CMD'    how to run our own (default: ../target/benchmarks.jar, where it is built); --ours '' leaves it out
//   --transports A,B  with which of our transports (default: nio); each is a contestant, ours-A
// Every sample is one JSON line on stdout and in out/SUITE.jsonl; then one summary JSON line per metric
// (median, min, max, and the median of the per-round ratios to the reference contestant).
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
const here = path.dirname(fileURLToPath(import.meta.url))
const argv = process.argv.slice(2)
const suite = argv[0]
const opt = (k, d) => {
  const i = argv.indexOf('--' + k)
  return i < 0 ? d : argv[i + 1] === undefined || argv[i + 1].startsWith('--') ? true : argv[i + 1]
}
const quick = opt('quick', false)
const rounds = +opt('rounds', quick ? 1 : 5)
const gate = +opt('gate', quick ? 0 : 8)
const only = opt('only', '') ? String(opt('only')).split(',') : null
const grep = opt('grep', '')
const jdk = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin', 'java') : 'java'
const ownJar = path.join(here, '../target/benchmarks.jar')
const ours = argv.includes('--ours')
  ? argv[argv.indexOf('--ours') + 1]
  : fs.existsSync(ownJar)
    ? jdk + ' -Xms512m -Xmx512m -XX:+UseSerialGC -jar ' + ownJar
    : ''
const transports = String(opt('transports', 'nio')).split(',')
const outDir = path.join(here, 'out')
fs.mkdirSync(outDir, { recursive: true })
const js = path.join(here, 'js')
const jar = path.join(here, 'java/target/anchors.jar')
const cEcho = path.join(here, 'c/echo')

function sh(cmd, args, cwd) {
  const r = spawnSync(cmd, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
  if (r.status !== 0) {
    console.error(cmd + ' failed')
    process.exit(1)
  }
}
function setup() {
  if (!fs.existsSync(path.join(js, 'node_modules'))) sh('npm', ['ci', '--no-audit', '--no-fund'], js)
  if (!fs.existsSync(jar)) sh(path.join(here, '../../mvnw'), ['-q', '-B', '-T1', 'package'], path.join(here, 'java'))
  if (!fs.existsSync(cEcho)) sh('cc', ['-O2', '-pthread', 'echo.c', '-o', 'echo'], path.join(here, 'c'))
}

function busy() {
  const f = fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/).slice(1).map(Number)
  return [f[0] + f[1] + f[2] + f[5] + f[6] + f[7], f.slice(0, 8).reduce((a, b) => a + b, 0)]
}
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))
async function quiet() {
  const end = Date.now() + gate * 1000
  while (Date.now() < end) {
    const a = busy()
    await sleep(300)
    const b = busy()
    if ((b[0] - a[0]) / Math.max(1, b[1] - a[1]) < 0.2) return
  }
}
function exec(cmd, args, timeoutS) {
  return new Promise(resolve => {
    const p = spawn(cmd, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    p.stdout.on('data', d => {
      out += d
    })
    p.stderr.on('data', d => {
      err += d
    })
    const timer = setTimeout(() => p.kill('SIGKILL'), timeoutS * 1000)
    p.on('close', code => {
      clearTimeout(timer)
      const lines = out
        .split('\n')
        .filter(l => l.startsWith('{'))
        .map(l => {
          try {
            return JSON.parse(l)
          } catch {
            return null
          }
        })
        .filter(Boolean)
      if (!lines.length)
        console.error('# no result from ' + cmd + ' ' + args.join(' ') + ' (exit ' + code + ') ' + err.slice(0, 300))
      resolve(lines)
    })
  })
}
const flags = o => Object.entries(o).flatMap(([k, v]) => (v === true ? ['--' + k] : ['--' + k, String(v)]))
const node = (script, o) => ['node', ['--no-warnings', '--expose-gc', path.join(js, script), ...flags(o)]]
const java = (...a) => [jdk, ['-Xms512m', '-Xmx512m', '-jar', jar, ...a]]
const own = (sub, o) => {
  const w = ours.split(/\s+/)
  return [w[0], [...w.slice(1), sub, ...flags(o), '--json']]
}
const onEach = (list, sub, o) => {
  if (ours)
    for (const transport of transports)
      list.push({ impl: 'ours-' + transport, args: o, cmd: own(sub, { ...o, transport }) })
}

// ---- the suites: [{impl, args, cmd, key}] ; ref = the contestant every ratio is taken against
const T = { seconds: +opt('seconds', quick ? 1 : 2), warmup: +opt('warmup', quick ? 1 : 1.5) }
const suites = {
  rpc() {
    const list = []
    for (const topo of [1, 2])
      for (const [op, closer] of [
        ['ping', 0],
        ['query', 0],
        ['query', 20]
      ])
        for (const window of op === 'query' && closer === 20 ? [16] : [1, 16, 256]) {
          const o = { topo, op, closer, window, ...T }
          for (const impl of ['dht-rpc-6', 'dht-rpc-2', 'bittorrent-dht', 'k-rpc'])
            list.push({ impl, args: o, cmd: node('rpc.js', { impl, ...o }) })
          if (op === 'query')
            list.push({
              impl: 'dht-rpc-2-request',
              args: o,
              cmd: node('rpc.js', { impl: 'dht-rpc-2', ...o, op: 'request' })
            })
          if (window === 256 && op === 'ping')
            list.push({
              impl: 'dht-rpc-6-stock',
              args: o,
              cmd: node('rpc.js', { impl: 'dht-rpc-6', ...o, stock: true })
            })
          onEach(list, 'rpc', o)
        }
    return {
      list,
      ref: 'dht-rpc-6',
      key: ['topo', 'op', 'closer', 'window'],
      metrics: ['rps', 'p50_us', 'p99_us', 'cpu_us', 'alloc_b', 'errors'],
      timeout: 60
    }
  },
  lookup() {
    const list = []
    for (const n of [100, 500]) {
      const o = { n, lookups: quick ? 100 : 500, stores: quick ? 40 : 200, parallel: 16, join: 8 }
      for (const impl of ['dht-rpc-6', 'dht-rpc-2', 'bittorrent-dht'])
        list.push({ impl, args: o, cmd: node('lookup.js', { impl, ...o }) })
      onEach(list, 'lookup', o)
    }
    return {
      list,
      ref: 'dht-rpc-6',
      key: ['n'],
      metrics: [
        'boot_s',
        'boot_cpu_s',
        'boot_msgs_per_node',
        'rss_kb_per_node',
        'heap_kb_per_node',
        'lookup.per_s',
        'lookup.p50_ms',
        'lookup.p99_ms',
        'lookup.msgs',
        'lookup.cpu_ms',
        'lookup_x16.per_s',
        'lookup_x16.cpu_ms',
        'top1',
        'recall20',
        'store.per_s',
        'store.p50_ms',
        'store.p99_ms',
        'store.msgs',
        'store.cpu_ms',
        'replicas',
        'found'
      ],
      timeout: 300
    }
  },
  table() {
    const list = []
    for (const n of [1000, 10000, 100000]) {
      const o = { n, seconds: quick ? 0.3 : 1 }
      for (const impl of ['kademlia-routing-table', 'k-bucket-5', 'k-bucket-3', ...(n <= 10000 ? ['naive-scan'] : [])])
        list.push({ impl, args: o, cmd: node('table.js', { impl, ...o }) })
      const t = quick
        ? ['-wi', '1', '-i', '1', '-w', '300ms', '-r', '300ms']
        : ['-wi', '5', '-i', '3', '-w', '1s', '-r', '500ms']
      list.push({
        impl: 'java',
        args: o,
        cmd: ['node', [path.join(here, 'jmh.mjs'), jar, 'TableBench', '-p', 'n=' + n, ...t]]
      })
      if (ours) list.push({ impl: 'ours', args: o, cmd: own('table', o) })
    }
    return {
      list,
      ref: 'k-bucket-5',
      key: ['n'],
      metrics: ['add_ns', 'refresh_ns', 'closest20_ns', 'alloc_b', 'recall20', 'exact_order', 'held'],
      timeout: 240
    }
  },
  codec() {
    const list = []
    const t = quick
      ? ['-wi', '1', '-i', '1', '-w', '300ms', '-r', '300ms']
      : ['-wi', '5', '-i', '3', '-w', '1s', '-r', '500ms']
    for (const impl of ['dht-rpc-6', 'dht-rpc-2', 'bencode'])
      list.push({ impl: 'js-' + impl, args: {}, cmd: node('codec.js', { impl }) })
    list.push({ impl: 'java', args: {}, cmd: ['node', [path.join(here, 'jmh.mjs'), jar, 'CodecBench', ...t]] })
    if (ours) list.push({ impl: 'ours', args: {}, cmd: own('codec', {}) })
    return {
      list,
      ref: 'msgpack-core',
      key: [],
      metrics: [
        'req_bytes',
        'res_bytes',
        'enc_req_ns',
        'dec_req_ns',
        'enc_res_ns',
        'dec_res_ns',
        'ids20_ns',
        'enc_req_b',
        'dec_req_b',
        'enc_res_b',
        'dec_res_b'
      ],
      timeout: 300
    }
  },
  echo() {
    const list = []
    for (const window of [1, 16, 256]) {
      const o = { window, bytes: 128, ...T, warmup: Math.max(T.warmup, 2) }
      for (const m of ['plain', 'mmsg', 'gso'])
        list.push({ impl: 'c-' + m, args: o, cmd: [cEcho, [m, window, T.seconds, 128].map(String)] })
      for (const impl of [
        'nio-blocking',
        'nio-selector',
        'netty-nio',
        'netty-nio-one',
        'netty-epoll',
        'netty-epoll-one',
        'netty-epoll-mmsg',
        'netty-iouring'
      ])
        list.push({
          impl,
          args: o,
          cmd: java(
            'echo',
            ...flags({ impl, ...o, ...(impl === 'netty-epoll-mmsg' ? { batch: 16, alloc: 'pooled' } : {}) })
          )
        })
      onEach(list, 'echo', o)
      if (ours)
        for (const transport of transports)
          list.push({ impl: 'raw-' + transport, args: o, cmd: own('echo', { ...o, transport, raw: true }) })
    }
    return {
      list,
      ref: 'netty-epoll',
      key: ['window'],
      metrics: ['rps', 'p50_us', 'p99_us', 'cpu_us', 'alloc_b'],
      timeout: 60
    }
  }
}
const get = (o, p) => p.split('.').reduce((x, k) => (x == null ? x : x[k]), o)
const med = a => {
  const s = a.slice().sort((x, y) => x - y)
  return s.length % 2 ? s[s.length >> 1] : (s[s.length / 2 - 1] + s[s.length / 2]) / 2
}
const r4 = x => (x == null ? x : +x.toPrecision(4))

async function runSuite(name) {
  const s = suites[name]()
  const file = path.join(outDir, name + '.jsonl')
  fs.writeFileSync(file, '')
  const samples = []
  for (let round = 0; round < rounds; round++) {
    for (const c of s.list) {
      if (only && !only.includes(c.impl)) continue
      if (grep && !JSON.stringify(c.args).includes(grep)) continue
      await quiet()
      for (const line of await exec(...c.cmd, s.timeout)) {
        if (c.impl !== 'java') line.impl = c.impl + (line.variant ? '-' + line.variant : '')
        for (const k of s.key) line[k] = line[k] ?? c.args[k]
        line.round = round
        if (line.op === 'request') line.op = 'query'
        samples.push(line)
        const text = JSON.stringify(line)
        console.log(text)
        fs.appendFileSync(file, text + '\n')
      }
    }
  }
  summarize(name, s, samples)
}

function summarize(name, s, samples) {
  const keyOf = l => s.key.map(k => k + '=' + l[k]).join(' ')
  const groups = new Map()
  for (const l of samples) {
    const k = keyOf(l) + '|' + l.impl
    if (!groups.has(k)) groups.set(k, [])
    groups.get(k).push(l)
  }
  const lines = []
  for (const [k, ls] of groups) {
    const [cfg, impl] = k.split('|')
    for (const m of s.metrics) {
      const v = ls.map(l => get(l, m)).filter(x => typeof x === 'number')
      if (!v.length) continue
      const calm = ls
        .filter(l => typeof l.noise === 'number' && l.noise < 0.25)
        .map(l => get(l, m))
        .filter(x => typeof x === 'number')
      const ratios = ls
        .map(l => {
          const r = samples.find(x => x.impl === s.ref && x.round === l.round && keyOf(x) === cfg)
          const a = get(l, m)
          const b = r && get(r, m)
          return typeof a === 'number' && b ? a / b : null
        })
        .filter(x => x != null)
      lines.push({
        summary: name,
        config: cfg,
        impl,
        metric: m,
        median: r4(med(v)),
        min: r4(Math.min(...v)),
        max: r4(Math.max(...v)),
        n: v.length,
        ...(calm.length ? { quiet: r4(med(calm)), quiet_n: calm.length } : {}),
        ...(ratios.length
          ? {
              ratio: r4(med(ratios)),
              ratio_min: r4(Math.min(...ratios)),
              ratio_max: r4(Math.max(...ratios)),
              ref: s.ref
            }
          : {}),
        noise: r4(med(ls.map(l => l.noise ?? 0)))
      })
    }
  }
  const text = lines.map(l => JSON.stringify(l)).join('\n') + '\n'
  fs.writeFileSync(path.join(outDir, name + '.summary.jsonl'), text)
  process.stdout.write(text)
}

if (suite === 'setup') setup()
else if (suite === 'summary') {
  const name = argv[1]
  summarize(
    name,
    suites[name](),
    fs
      .readFileSync(path.join(outDir, name + '.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(l => JSON.parse(l))
  )
} else if (suite === 'all' || suites[suite]) {
  setup()
  for (const name of suite === 'all' ? Object.keys(suites) : [suite]) await runSuite(name)
} else {
  console.error(
    'usage: node run.mjs setup|rpc|lookup|table|codec|echo|all|summary SUITE [--rounds N] [--quick] [--ours CMD]'
  )
  process.exit(2)
}
