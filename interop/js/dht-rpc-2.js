import { once } from 'node:events'
import dgram from 'node:dgram'
import dhtRpc from 'dht-rpc2'
import { address, bytes, hex, text, until } from './bytes.js'

/** Starts a node on loopback and waits until it has joined, unless it is in a hurry. */
export async function start({ bootstrap = [], ephemeral = false, hasty = false }) {
  // Bound at once: the package would bind it to all addresses.
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1')
  const listening = once(socket, 'listening')
  const dht = dhtRpc({ socket, ephemeral, bootstrap: bootstrap.map(address) })
  const node = new Node(dht)
  await listening
  if (!hasty) await new Promise(resolve => dht.ready(resolve))
  return node
}

export class Node {
  constructor(dht) {
    this.dht = dht
    this.values = new Map()
    this.commits = new Map()
    this.heard = []
    this.punched = 0
    const on = (phase, command, handler) =>
      dht.on(phase + ':' + command, (query, answer) => {
        this.heard.push({
          command,
          commit: phase === 'update',
          value: query.value && hex(query.value),
          from: text(query.node)
        })
        handler(query, answer)
      })
    on('update', 'store', ({ target, value }, answer) => {
      const key = hex(target)
      this.values.set(key, value)
      this.commits.set(key, (this.commits.get(key) ?? 0) + 1)
      answer(null, value)
    })
    on('query', 'store', ({ target }, answer) => answer(null, this.values.get(hex(target)) ?? null))
    on('query', 'echo', ({ value }, answer) => answer(null, value))
    on('update', 'echo', ({ value }, answer) => answer(null, value))
    on('query', 'hello', (query, answer) => answer(null, Buffer.from('world')))
    on('query', 'fail', (query, answer) => answer(new Error('As it was asked to')))
    dht.on('holepunch', () => this.punched++)
  }

  describe() {
    const { dht } = this
    return {
      port: dht.address().port,
      id: dht.ephemeral ? null : hex(dht.id),
      contacts: dht.toArray().map(text),
      punched: this.punched
    }
  }

  /** The calls of the application's commands since the last time. */
  async calls() {
    return this.heard.splice(0)
  }

  /** All answers, or those until the `first` value. */
  query({ command, target, value, commit = false, first = false, nodes, holepunching }) {
    const query = { command, target: bytes(target), value: bytes(value) }
    const options = { holepunching, ...(nodes && { nodes: nodes.map(address) }) }
    return new Promise((resolve, reject) => {
      const stream = commit ? this.dht.update(query, options) : this.dht.query(query, options)
      const results = []
      const end = () =>
        resolve({ results, requests: stream.responses + stream.errors, closest: stream._closest.map(contact) })
      stream
        .on('data', ({ node, value }) => {
          results.push({ from: text(node), id: hex(node.id), value: hex(value) })
          if (first && value) {
            stream.destroy()
            end()
          }
        })
        .on('error', reject)
        .on('end', end)
    })
  }

  findNode({ target }) {
    return this.query({ command: '_find_node', target })
  }

  /** One request as it is, with whatever token. */
  request({ to, command, target, value, token }) {
    const request = {
      command,
      id: this.dht._queryId,
      target: bytes(target),
      value: bytes(value),
      roundtripToken: bytes(token)
    }
    return new Promise((resolve, reject) =>
      this.dht._request(request, address(to), false, (failure, reply, peer) =>
        failure
          ? reject(failure)
          : resolve({ from: text(peer), id: hex(reply.id), token: hex(reply.roundtripToken), value: hex(reply.value) })
      )
    )
  }

  ping({ to }) {
    return new Promise((resolve, reject) =>
      this.dht.ping(address(to), (failure, own, peer) =>
        failure ? reject(failure) : resolve({ from: text(peer), id: hex(peer.id), to: text(own) })
      )
    )
  }

  holepunch({ to, referrer }) {
    return new Promise((resolve, reject) =>
      this.dht.holepunch(address(to), address(referrer), failure => (failure ? reject(failure) : resolve(null)))
    )
  }

  /** Waits until these are in the routing table. */
  async lists({ who }) {
    await until(this.dht, ['add-node'], () => who.every(each => this.knows(each)))
  }

  knows(who) {
    return this.dht.toArray().some(each => text(each) === who)
  }

  async destroy() {
    const closed = once(this.dht, 'close')
    this.dht.destroy()
    await closed
  }
}

const contact = node => ({ id: hex(node.id), address: text(node) })
