/** Bytes of a text of hexadecimal digits; nothing of nothing. */
export const bytes = hex => (hex === undefined || hex === null ? null : Buffer.from(hex, 'hex'))

/** The reverse. */
export const hex = buffer => (buffer ? Buffer.from(buffer).toString('hex') : null)

/** An address of a text host:port. */
export const address = text => {
  const colon = text.lastIndexOf(':')
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) }
}

/** The reverse. */
export const text = ({ host, port }) => host + ':' + port

/** A promise that is kept as soon as `holds` is true, which is asked now and at each of these events. */
export const until = (emitter, events, holds) =>
  new Promise(resolve => {
    const look = () => {
      if (!holds()) return
      for (const event of events) emitter.removeListener(event, look)
      resolve()
    }
    for (const event of events) emitter.on(event, look)
    look()
  })
