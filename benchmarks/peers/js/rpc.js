'use strict'
// node rpc.js --impl dht-rpc-2|dht-rpc-6|k-rpc|bittorrent-dht --topo 1|2 --op ping|query|request --window N
//             --seconds S --warmup S [--closer 20] [--stock]     prints one JSON line
// --closer N: seed the server's table with N contacts, so a query reply carries N nodes
// --stock: leave dht-rpc 6's congestion window at its default
process.env.NODE_NO_WARNINGS = '1'
process.removeAllListeners('warning')
const { fork } = require('child_process')
const { Lat, Noise, cpuUs, sysUs, emit, args } = require('./lib/measure')
const { A, V100 } = require('./lib/adapters')
const o = args({
  impl: 'dht-rpc-6',
  topo: 1,
  op: 'ping',
  window: 1,
  seconds: 3,
  warmup: 1,
  closer: 0,
  stock: false,
  role: 'client'
})
const impl = A[o.impl]

async function serverRole() {
  const s = await impl.server(o)
  process.on('message', m => {
    if (m === 'cpu') process.send({ cpu: cpuUs(), sys: sysUs() })
    if (m === 'end') {
      s.close()
      setTimeout(() => process.exit(0), 50)
    }
  })
  process.on('disconnect', () => process.exit(0))
  process.send({ port: s.port })
}

async function clientRole() {
  let child = null
  let server = null
  let port
  const ask = m =>
    new Promise(resolve => {
      child.once('message', resolve)
      child.send(m)
    })
  if (o.topo === 2) {
    child = fork(
      __filename,
      ['--impl', o.impl, '--role', 'server', '--closer', String(o.closer), '--window', String(o.window)],
      { execArgv: ['--no-warnings'] }
    )
    port = (await new Promise(resolve => child.once('message', resolve))).port
  } else {
    server = await impl.server(o)
    port = server.port
  }
  const client = await impl.client(port, o)
  const op = client.ops[o.op]
  const totalCpu = async () => {
    const c = child ? await ask('cpu') : { cpu: 0, sys: 0 }
    return { cpu: cpuUs() + c.cpu, sys: sysUs() + c.sys }
  }

  // one checked call first: the value must come back whole
  await new Promise((resolve, reject) =>
    op((err, v) => {
      if (err) return reject(err)
      if (o.op !== 'ping' && !(v && Buffer.from(v).equals(V100))) return reject(new Error('wrong value'))
      resolve()
    })
  )

  async function phase(seconds, lat) {
    let n = 0
    let errors = 0
    const t0 = performance.now()
    const end = t0 + seconds * 1000
    await new Promise(resolve => {
      let live = o.window
      const next = () => {
        const t = performance.now()
        if (t >= end) {
          if (--live === 0) resolve()
          return
        }
        op(err => {
          if (err) errors++
          else {
            n++
            if (lat) lat.add((performance.now() - t) * 1000)
          }
          next()
        })
      }
      for (let i = 0; i < o.window; i++) next()
    })
    return { n, errors, secs: (performance.now() - t0) / 1000 }
  }

  // several phases, so that how one ends is compiled too, as in ours
  for (let i = 0; i < 6; i++) await phase(o.warmup / 6, null)
  const lat = new Lat()
  const noise = new Noise()
  const c0 = await totalCpu()
  const r = await phase(o.seconds, lat)
  const c1 = await totalCpu()
  const cpu = c1.cpu - c0.cpu
  emit({
    suite: 'rpc',
    impl: o.impl + (o.stock ? '-stock' : ''),
    version: impl.version(),
    topo: o.topo,
    op: o.op,
    closer: o.closer,
    window: o.window,
    rps: +(r.n / r.secs).toFixed(0),
    ...lat.pct(),
    cpu_us: +(cpu / r.n).toFixed(2),
    sys_share: +((c1.sys - c0.sys) / cpu).toFixed(3),
    n: r.n,
    errors: r.errors,
    secs: +r.secs.toFixed(2),
    ...noise.end(cpu)
  })
  if (child) child.send('end')
  setTimeout(() => process.exit(0), 60)
}

;(o.role === 'server' ? serverRole() : clientRole()).catch(err => {
  console.error(err)
  process.exit(1)
})
