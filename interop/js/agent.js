// Hosts nodes of an npm package, and does with them what it is told, a line of JSON each:
//   node agent.js dht-rpc-6|dht-rpc-2
//   {"id":1,"do":"create","count":2,"bootstrap":["127.0.0.1:4000"]}     {"id":1,"ok":[{"node":1,"port":4001,..},..]}
//   {"id":2,"do":"query","node":1,"command":1,"target":"2cf2.."}        {"id":2,"ok":{"results":[..],..}}
//   {"id":3,"do":"ping","node":2,"to":"127.0.0.1:4009"}                 {"id":3,"failed":"REQUEST_TIMEOUT: .."}
// Answers come in any order. Bytes are hexadecimal, addresses host:port. The process ends with its standard input.
import { createInterface } from 'node:readline'
const { Node, start } = await import(`./${process.argv[2]}.js`)

const nodes = new Map()
let last = 0

const own = {
  /** Starts nodes, `batch` at the same moment, and waits until each has joined. */
  async create({ count = 1, batch = 16, ...options }) {
    const made = []
    while (made.length < count) {
      const starting = Array.from({ length: Math.min(batch, count - made.length) }, () => start(options))
      made.push(...(await Promise.all(starting)))
    }
    return made.map(node => {
      nodes.set(++last, node)
      return { node: last, ...node.describe() }
    })
  },

  /** What has become of every node. */
  async describe() {
    return [...nodes].map(([node, it]) => ({ node, ...it.describe() }))
  },

  /** Which nodes have a value under this target, and how many commits all of them have had for it. */
  async holders({ target }) {
    const holders = [...nodes].filter(([, node]) => node.commits.has(target))
    return {
      nodes: holders.map(([node]) => node),
      commits: holders.reduce((sum, [, node]) => sum + node.commits.get(target), 0)
    }
  },

  async destroyAll() {
    const all = [...nodes.values()]
    nodes.clear()
    await Promise.all(all.map(node => node.destroy()))
  }
}

async function obey({ do: verb, node, ...rest }) {
  if (node === undefined) {
    if (!Object.hasOwn(own, verb)) throw new Error('Not a command: ' + verb)
    return own[verb](rest)
  }
  const it = nodes.get(node)
  if (!it) throw new Error('No node ' + node)
  if (verb === 'destroy') nodes.delete(node)
  if (!Object.hasOwn(Node.prototype, verb)) throw new Error('Not a command of a node: ' + verb)
  return it[verb](rest)
}

createInterface({ input: process.stdin })
  .on('line', async line => {
    const { id, ...order } = JSON.parse(line)
    let answer
    try {
      answer = { id, ok: (await obey(order)) ?? null }
    } catch (failure) {
      answer = { id, failed: (failure.code ? failure.code + ': ' : '') + failure.message }
    }
    process.stdout.write(JSON.stringify(answer) + '\n')
  })
  .on('close', () => process.exit(0))

process.stdout.write(JSON.stringify({ id: 0, ok: process.version }) + '\n')
