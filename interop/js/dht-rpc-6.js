import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import dgram from 'node:dgram'
import DHT from 'dht-rpc6'
import { address, bytes, hex, text, until } from './bytes.js'

const HOST = '127.0.0.1'

// The application: its commands are numbers.
const STORE = 1
const LOOKUP = 2
const FAIL = 3
const RELAY = 4
const ECHO = 5

// The package's own.
const FIND_NODE = 2

/** Starts a node on loopback and waits until it has joined; `known`: its address is known, so it is persistent at once. */
export async function start({ known = false, bootstrap = [], ephemeral, firewalled }) {
  const options = { host: HOST, bootstrap: bootstrap.map(address) }
  const dht = known
    ? DHT.bootstrapper(await freePort(), HOST, options)
    : new DHT({ ...options, ephemeral, firewalled })
  const node = new Node(dht)
  await dht.fullyBootstrapped()
  return node
}

/** A port that was free a moment ago: the package wants to be told. */
async function freePort() {
  const socket = dgram.createSocket('udp4').bind(0, HOST)
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}

export class Node {
  constructor(dht) {
    this.dht = dht
    this.values = new Map()
    this.commits = new Map()
    this.heard = []
    this.received = { ping: 0, pingNat: 0, findNode: 0, downHint: 0, delayedPing: 0 }
    dht.on('request', request => this.answer(request))
    // The package counts what it sends only. Looks on, and changes nothing.
    const receive = dht.io.onrequest
    dht.io.onrequest = (request, external) => {
      const name = request.internal && Object.keys(this.received)[request.command]
      if (name) this.received[name]++
      receive(request, external)
    }
  }

  answer(request) {
    const { command, target, token, value } = request
    this.heard.push({ command: String(command), commit: token !== null, value: value && hex(value), from: text(request.from) })
    switch (command) {
      case STORE: {
        const key = hex(target)
        if (!token) return request.reply(this.values.get(key) ?? null)
        this.values.set(key, value)
        this.commits.set(key, (this.commits.get(key) ?? 0) + 1)
        return request.reply(value)
      }
      case LOOKUP:
        return request.reply(this.values.get(hex(target)) ?? null)
      case ECHO:
        return request.reply(value)
      case FAIL:
        return request.error(Number(value.toString()))
      case RELAY:
        return this.forward(request)
      default:
        return request.error(DHT.ERROR_UNKNOWN_COMMAND)
    }
  }

  /** "relay ADDRESS TEXT" is sent on there, as "answer ASKER TEXT", whose receiver answers the asker. Each adds itself. */
  forward(request) {
    const [verb, whom, ...rest] = request.value.toString().split(' ')
    const said = rest.join(' ')
    if (verb === 'relay') request.relay(Buffer.from(`answer ${text(request.from)} ${said} relayed`), address(whom))
    else request.reply(Buffer.from(`${said} answered`), { to: address(whom) })
  }

  describe() {
    const { dht } = this
    return {
      port: dht.io.serverSocket.address().port,
      id: hex(dht.id),
      firewalled: dht.firewalled,
      contacts: dht.toArray().map(text),
      stats: dht.stats,
      received: this.received
    }
  }

  /** The calls of the application's commands since the last time. */
  async calls() {
    return this.heard.splice(0)
  }

  /** All answers, or those until the `first` value. */
  async query({ command, target, value, commit = false, first = false, nodes }) {
    const query = { command, target: bytes(target), value: bytes(value) }
    const only = nodes ? { nodes: nodes.map(address), onlyClosestNodes: true } : {}
    return this.drain(this.dht.query(query, { commit, ...only }), first)
  }

  async findNode({ target }) {
    return this.drain(this.dht.findNode(bytes(target)), false)
  }

  async drain(stream, first) {
    const results = []
    for await (const reply of stream) {
      results.push(result(reply))
      if (first && reply.value) break
    }
    return {
      results,
      requests: stream.successes + stream.errors,
      closest: stream.closestReplies.map(({ from }) => ({ id: hex(from.id), address: text(from) }))
    }
  }

  async request({ to, command, target, value, token }) {
    const request = { command, target: bytes(target), value: bytes(value), token: bytes(token) }
    return result(await this.dht.request(request, address(to)))
  }

  async ping({ to }) {
    return result(await this.dht.ping(address(to)))
  }

  async delayedPing({ to, delay }) {
    const begun = performance.now()
    const pong = result(await this.dht.delayedPing(address(to), delay, { retry: false }))
    return { ...pong, elapsed: performance.now() - begun }
  }

  /** Asks `by` for a target until it does not name `who`. */
  async unnamed({ by, who, target }) {
    for (;;) {
      const { closerNodes } = await new Promise((resolve, reject) =>
        this.dht._request(address(by), false, true, FIND_NODE, bytes(target), null, null, resolve, reject)
      )
      if (!closerNodes?.some(each => text(each) === who)) return
      await sleep(100)
    }
  }

  /** Takes a token of `of`, and tries it until it is refused. */
  async outlive({ of }) {
    const ask = { command: STORE, target: Buffer.alloc(32), value: Buffer.from('outlived') }
    const { token } = await this.dht.request(ask, address(of))
    for (;;) {
      const reply = await this.dht.request({ ...ask, token }, address(of))
      if (reply.error === DHT.ERROR_INVALID_TOKEN) return
      await sleep(250)
    }
  }

  /** Waits until these are in the routing table. */
  async lists({ who }) {
    await until(this.dht, ['add-node'], () => who.every(each => this.knows(each)))
  }

  /** Waits until none of these is. */
  async drops({ who }) {
    await until(this.dht, ['remove-node'], () => !who.some(each => this.knows(each)))
  }

  knows(who) {
    return this.dht.toArray().some(each => text(each) === who)
  }

  async destroy() {
    await this.dht.destroy()
  }
}

function result({ from, to, id, token, error, value, rtt }) {
  return {
    from: text(from),
    id: hex(from.id),
    to: text(to),
    token: hex(token),
    error,
    value: value ? hex(value) : null,
    rtt
  }
}
