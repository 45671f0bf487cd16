'use strict'
// Shared measuring helpers: latency store, CPU + machine-noise accounting, one-line JSON output.
const fs = require('fs')
const os = require('os')
const dgram = require('dgram')

class Lat {
  constructor(cap = 1 << 21) {
    this.a = new Float64Array(cap)
    this.n = 0
  }
  add(us) {
    if (this.n < this.a.length) this.a[this.n++] = us
  }
  pct() {
    const s = this.a.slice(0, this.n).sort()
    const q = p => (s.length ? +s[Math.min(s.length - 1, Math.floor(p * s.length))].toFixed(1) : null)
    return { p50_us: q(0.5), p90_us: q(0.9), p99_us: q(0.99), max_us: s.length ? +s[s.length - 1].toFixed(1) : null }
  }
}

function procStat() {
  const f = fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/).slice(1).map(Number)
  // user nice system idle iowait irq softirq steal
  return { busy: f[0] + f[1] + f[2] + f[5] + f[6], steal: f[7], all: f.slice(0, 8).reduce((a, b) => a + b, 0) }
}

// noise: share of the machine's CPU time spent by others (busy - own) during the window; steal: taken by the host
class Noise {
  constructor() {
    this.s = procStat()
    this.t = process.hrtime.bigint()
  }
  end(ownCpuUs) {
    const e = procStat()
    const all = Math.max(1, e.all - this.s.all)
    const own = ownCpuUs / 10000 // USER_HZ=100
    return {
      noise: +Math.max(0, (e.busy - this.s.busy - own) / all).toFixed(3),
      steal: +((e.steal - this.s.steal) / all).toFixed(3),
      load1: +os.loadavg()[0].toFixed(2)
    }
  }
}

function cpuUs() {
  const c = process.cpuUsage()
  return c.user + c.system
}
function sysUs() {
  return process.cpuUsage().system
}

function emit(o) {
  process.stdout.write(JSON.stringify(o) + '\n')
}

function args(defs) {
  const o = Object.assign({}, defs)
  const a = process.argv.slice(2)
  for (let i = 0; i < a.length; i++) {
    if (!a[i].startsWith('--')) continue
    const k = a[i].slice(2)
    const v = a[i + 1] === undefined || a[i + 1].startsWith('--') ? true : a[++i]
    o[k] = typeof defs[k] === 'number' ? Number(v) : v
  }
  return o
}

function freePort() {
  return new Promise((resolve, reject) => {
    const s = dgram.createSocket('udp4')
    s.on('error', reject)
    s.bind(0, '127.0.0.1', () => {
      const p = s.address().port
      s.close(() => resolve(p))
    })
  })
}

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

module.exports = { Lat, Noise, cpuUs, sysUs, emit, args, freePort, sleep }
