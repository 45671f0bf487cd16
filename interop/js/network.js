// A network of npm dht-rpc 6 on this machine, whose nodes store values under their hashes:
//   node network.js [NODES [PORT]]          30 nodes by default, the first at port 49737
// Says where to join it, and goes on until it is ended.
import { createHash } from 'node:crypto'
import DHT from 'dht-rpc6'

const HOST = '127.0.0.1'
const STORE = 1
const LOOKUP = 2

const count = Number(process.argv[2] ?? 30)
const port = Number(process.argv[3] ?? 49737)

function serve(dht) {
  const values = new Map()
  dht.on('request', request => {
    const key = request.target?.toString('hex')
    if (request.command === STORE) {
      if (request.token && request.value && createHash('sha256').update(request.value).digest('hex') === key) {
        values.set(key, request.value)
      }
      request.reply(null)
    } else if (request.command === LOOKUP) {
      request.reply(values.get(key) ?? null)
    } else {
      request.error(DHT.ERROR_UNKNOWN_COMMAND)
    }
  })
  return dht
}

const first = serve(DHT.bootstrapper(port, HOST, { host: HOST }))
await first.fullyBootstrapped()
for (let i = 1; i < count; i++) {
  const options = { host: HOST, bootstrap: [{ host: HOST, port }], ephemeral: false, firewalled: false }
  await serve(new DHT(options)).fullyBootstrapped()
}
console.log(`${count} nodes of npm dht-rpc; join them by ${HOST}:${port}`)
