// JavaScript each page loads before anything is clicked, gzip, against its budget.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET = { index: 110, field: 230, desk: 400, devices: 250, board: 250, account: 250, supervise: 300, wall: 110, install: 250, button: 110, elder: 110, family: 110 }
// Heavy parts that no page may load before somebody asks for them, by words that survive the build.
const LAZY = { map: 'maplibregl-canvas', charts: 'echarts' }
const DIST = new URL('../dist/', import.meta.url)
let over = 0
for (const [page, budget] of Object.entries(BUDGET)) {
  const html = readFileSync(new URL(`${page}.html`, DIST), 'utf8')
  const scripts = new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path))
  const size = [...scripts].reduce((sum, path) => sum + gzipSync(readFileSync(new URL(path, DIST))).length, 0) / 1024
  const texts = [...scripts].map((path) => readFileSync(new URL(path, DIST), 'utf8'))
  const early = Object.keys(LAZY).filter((part) => texts.some((text) => text.includes(LAZY[part])))
  if (size > budget || early.length > 0) over += 1
  console.log(`${page.padEnd(7)} ${size.toFixed(1).padStart(7)} KiB of ${budget}${early.length > 0 ? `, with ${early} that should wait` : ''}`)
}
process.exit(over ? 1 : 0)
