import { describe, expect, it } from 'vitest'
import type { Ev } from '../src/generated/console'
import type { IncidentRow } from '../src/generated/http'
import { type DeskState, EMPTY_DESK, reduceDesk } from '../src/kernel/state/desk'
import { queueOf } from '../src/kernel/state/queue'
import { InboxStore } from '../src/kernel/state/store'
import { StreamClient } from '../src/kernel/stream/client'
import type { Deps, Host, PollPage } from '../src/kernel/stream/types'
import type { ClientFrame, Cursor, ServerFrame } from '../src/kernel/wire'
import { FakeSocket, FakeTime, settle } from './fakes'

const INBOX = 'd:360733'
const WINDOW = 12
const RUNS = 600

type Random = () => number

function lcg(seed: number): Random {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

/** The database: one inbox of a desk, and the rows its events tell of. */
class Rows {
  epoch = 'e1'
  head = 0
  readonly rows = new Map<string, IncidentRow>()
  private log: Ev[] = []

  change(random: Random): Ev {
    const incident = `I-${Math.floor(random() * 8)}`
    const before = this.rows.get(incident)
    const over = before !== undefined && random() < 0.4
    const row = { ...before, incident, ver: (before?.ver ?? this.head) + 1, state: over ? 'closed' : 'open', priority: 1, kind: 'sos', rung: 0, presses: this.head, opened_at: AT, taken_at: null } as IncidentRow
    if (over) this.rows.delete(incident)
    else this.rows.set(incident, row)
    this.head += 1
    const type = over ? 'incident.closed' : before ? 'incident.updated' : 'incident.opened'
    const ev: Ev = { t: 'ev', i: INBOX, seq: this.head, id: `${this.epoch}-${this.head}`, type, at: AT, replay: false, d: { ...row } }
    this.log = [...this.log, ev].slice(-WINDOW)
    return ev
  }

  /** The inbox is built anew: numbers start over and every position is void. */
  rebuild(): void {
    this.epoch += "'"
    this.head = 0
    this.log = []
  }

  after(seq: number): Ev[] {
    return this.log.filter((ev) => ev.seq > seq).map((ev) => ({ ...ev, replay: true }))
  }

  replayable({ epoch, seq }: Cursor): boolean {
    return epoch === this.epoch && seq <= this.head && this.head - seq <= this.log.length
  }

  state(): Record<string, unknown> {
    return { incidents: [...this.rows.values()].map((row) => ({ ...row })), unplaced: [], breaches: [] }
  }
}

const AT = '2026-11-22T02:00:00.000Z'

/** A server that keeps to the protocol, behind a line that does not keep anything. */
class Line extends FakeSocket {
  private sentTo = 0
  private open = true

  constructor(
    private readonly db: Rows,
    private readonly random: Random,
    private readonly calm: () => boolean,
    private readonly time: FakeTime,
    blocked: () => boolean,
  ) {
    super()
    time.after(1, () => (blocked() ? this.cut(1006) : this.onopen?.()))
  }

  override send(text: string): void {
    super.send(text)
    if (!this.open) return
    const frame = JSON.parse(text) as ClientFrame
    if (frame.t === 'hello') this.hello(frame.inboxes?.[0] as Cursor)
    if (frame.t === 'sync') this.catchUp({ epoch: this.db.epoch, seq: frame.after })
  }

  override close(): void {
    this.open = false
  }

  /** 1006: the cable; 4008: it reads too slowly; 4009: its position is void. */
  cut(code: number): void {
    if (!this.open) return
    this.open = false
    this.onclose?.({ code })
  }

  ping(n: number): void {
    this.sure({ t: 'ping', n, now: AT })
  }

  told(ev: Ev): void {
    if (!this.open || this.sentTo === 0) return
    this.carry(ev)
  }

  private hello(cursor: Cursor): void {
    const { epoch, head } = this.db
    const mode = this.db.replayable(cursor) ? 'replay' : 'snapshot'
    this.sentTo = 1
    this.sure({
      t: 'welcome', v: 1, conn: 'c', now: AT, ping_ms: 15_000, pong_ms: 5_000, jitter_ms: 3_000, min_client: '', token_exp: AT,
      inboxes: [{ id: INBOX, epoch, head, mode, from: cursor.seq + 1 }],
    })
    this.catchUp(cursor)
  }

  private catchUp(cursor: Cursor): void {
    const { epoch, head } = this.db
    if (!this.db.replayable(cursor)) this.sure({ t: 'snap', i: INBOX, epoch, seq: head, reason: 'window', part: 1, parts: 1, d: this.db.state() })
    else for (const ev of this.db.after(cursor.seq)) this.carry(ev)
    this.sure({ t: 'live', i: INBOX, seq: head })
  }

  /** What goes over a line that may lose, double, hold back or swap. */
  private carry(ev: Ev): void {
    if (this.calm()) return this.sure(ev)
    const fate = this.random()
    if (fate < 0.15) return
    if (fate < 0.3) this.sure(ev)
    if (fate < 0.45) return void this.time.after(Math.floor(this.random() * 400), () => this.sure(ev))
    this.sure(ev)
  }

  private sure(frame: ServerFrame): void {
    if (this.open) this.say(frame)
  }
}

async function drive(seed: number) {
  const random = lcg(seed)
  const time = new FakeTime()
  const db = new Rows()
  const [sockets, links]: [Line[], string[]] = [[], []]
  let [calm, blocked] = [false, false]
  const store = new InboxStore<DeskState>([INBOX], EMPTY_DESK, reduceDesk, { load: () => Promise.resolve(null), save: () => undefined })
  const poll = (_: string, cursor: Cursor): Promise<PollPage> =>
    new Promise((done, fail) => {
      time.after(50, () => {
        if (!calm && random() < 0.3) return fail(new Error('away'))
        const { epoch, head } = db
        if (db.replayable(cursor)) return done({ epoch, head, mode: 'replay', events: db.after(cursor.seq), snap: null })
        done({ epoch, head, mode: 'snapshot', events: [], snap: { t: 'snap', i: INBOX, epoch, seq: head, reason: 'epoch', part: 1, parts: 1, d: db.state() } })
      })
    })
  const deps: Deps = {
    open: () => {
      const socket = new Line(db, random, () => calm, time, () => blocked)
      sockets.push(socket)
      return socket
    },
    ticket: () => (!calm && random() < 0.2 ? Promise.reject(new Error('away')) : Promise.resolve('t')),
    alive: () => Promise.resolve(true),
    poll,
    now: () => time.now,
    random,
    after: time.after,
    vitals: () => ({ vis: 'visible', audio: 'running', batt: null, net: null, lag_ms: null }),
    client: { app: 'desk', build: '1', device: 'd', lang: 'zh-CN' },
  }
  const host: Host = {
    changed: (line, change) => store.changed(line.id, line.cursor, change),
    link: (link) => links.push(link),
    ended: () => undefined,
    clock: () => undefined,
    outdated: () => undefined,
  }
  const open = () => new StreamClient(store.cursors(), deps, host)
  let client = open()
  client.start()
  await settle()
  for (let step = 0; step < 60; step += 1) {
    const fate = random()
    if (fate < 0.6) sockets.at(-1)?.told(db.change(random))
    else if (fate < 0.7) sockets.at(-1)?.cut(random() < 0.5 ? 1006 : 4008)
    else if (fate < 0.74) {
      db.rebuild()
      sockets.at(-1)?.cut(4009)
    } else if (fate < 0.78) client.nudge()
    else if (fate < 0.82) {
      client.stop()
      client = open()
      client.start()
    } else if (fate < 0.86) blocked = !blocked
    else await time.pass(Math.floor(random() * 4_000))
    if (random() < 0.3) await time.pass(30)
  }
  ;[calm, blocked] = [true, false]
  for (let k = 0; k < 14; k += 1) {
    await time.pass(10_000)
    sockets.at(-1)?.ping(k)
  }
  sockets.at(-1)?.told(db.change(random))
  await time.pass(5_000)
  client.stop()
  return { db, links, drawn: queueOf(store.read()).waiting }
}

const shown = (rows: Iterable<IncidentRow>): string[] => [...rows].map(({ incident, ver, presses }) => `${incident} ${ver} ${presses}`).sort()

describe('whatever the line does', () => {
  it('draws after `live` the list that the database holds', { timeout: 60_000 }, async () => {
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const { db, links, drawn } = await drive(seed)
      expect(links.at(-1), `seed ${seed}`).toBe('live')
      expect(shown(drawn.map(({ d }) => d)), `seed ${seed}`).toEqual(shown(db.rows.values()))
    }
  })
})
