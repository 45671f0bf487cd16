// node report.mjs rpc|lookup|table|codec|echo METRIC[,METRIC...]: Markdown table, configurations by contestants,
// median (quiet median where there is one) [min–max] and ×ratio to the reference contestant
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
const here = path.dirname(fileURLToPath(import.meta.url))
const [suite, metrics = '', by = 'config'] = process.argv.slice(2)
const lines = fs
  .readFileSync(path.join(here, 'out', suite + '.summary.jsonl'), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map(l => JSON.parse(l))
const f = x =>
  x == null ? '' : Math.abs(x) >= 1000 ? Math.round(x).toLocaleString('en').replace(/,/g, ' ') : String(x)
for (const m of metrics.split(',')) {
  const ls = lines.filter(l => l.metric === m)
  const cols = [...new Set(ls.map(l => l.impl))]
  const rows = [...new Set(ls.map(l => l.config))]
  if (by === 'impl') {
    console.log(
      '| ' + m + ' | ' + rows.map(r => r || 'value').join(' | ') + ' |\n|---' + '|---'.repeat(rows.length) + '|'
    )
  } else {
    console.log('| ' + m + ' | ' + cols.join(' | ') + ' |\n|---' + '|---'.repeat(cols.length) + '|')
  }
  const cell = l =>
    l
      ? f(l.quiet ?? l.median) +
        (l.n > 1 ? ' [' + f(l.min) + '–' + f(l.max) + ']' : '') +
        (l.ratio != null && l.impl !== l.ref ? ' ×' + l.ratio.toPrecision(3) : '')
      : ''
  if (by === 'impl')
    for (const c of cols)
      console.log(
        '| ' + c + ' | ' + rows.map(r => cell(ls.find(l => l.config === r && l.impl === c))).join(' | ') + ' |'
      )
  else
    for (const r of rows)
      console.log(
        '| ' + r + ' | ' + cols.map(c => cell(ls.find(l => l.config === r && l.impl === c))).join(' | ') + ' |'
      )
  console.log()
}
