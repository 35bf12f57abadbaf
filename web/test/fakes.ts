import type { ClientFrame, ServerFrame } from '../src/kernel/wire'
import { StreamClient } from '../src/kernel/stream/client'
import type { Change, Deps, Ending, Host, Link, PollPage, SocketLike } from '../src/kernel/stream/types'
import type { Ev, Snap } from '../src/generated/console'

/** Timers that run when told. */
export class FakeTime {
  now = 1_000_000
  private timers: { at: number; run: () => void }[] = []

  after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.now + ms, run }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((one) => one !== timer)
    }
  }

  async pass(ms: number): Promise<void> {
    const end = this.now + ms
    for (;;) {
      await settle()
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.now = next.at
      this.timers = this.timers.filter((one) => one !== next)
      next.run()
    }
    this.now = end
    await settle()
  }
}

export async function settle(): Promise<void> {
  for (let k = 0; k < 10; k += 1) await Promise.resolve()
}

export class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  onerror: (() => void) | null = null
  sent: ClientFrame[] = []
  closed = false

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientFrame)
  }

  close(): void {
    this.closed = true
  }

  say(frame: ServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }

  of<T extends ClientFrame['t']>(t: T): Extract<ClientFrame, { t: T }>[] {
    return this.sent.filter((frame): frame is Extract<ClientFrame, { t: T }> => frame.t === t)
  }
}

export const INBOX = 'u:1'

export const ev = (seq: number, type = 'x', d: Record<string, unknown> = {}): Ev => ({
  t: 'ev', i: INBOX, seq, id: `id-${seq}`, type, at: '2026-11-22T02:00:00.000Z', replay: false, d,
})

export const snap = (seq: number, d: Record<string, unknown> = {}, part = 1, parts = 1, epoch = 'e1'): Snap => ({
  t: 'snap', i: INBOX, epoch, seq, reason: 'client', part, parts, d,
})

export interface Told {
  changes: { seq: number; change: Change }[]
  links: Link[]
  endings: Ending[]
  outdated: string[]
}

export function world(cursor = { epoch: '', seq: 0 }) {
  const time = new FakeTime()
  const sockets: FakeSocket[] = []
  const told: Told = { changes: [], links: [], endings: [], outdated: [] }
  const net = {
    tickets: 0,
    ticket: (): Promise<string> => Promise.resolve('t'),
    alive: (): Promise<boolean> => Promise.resolve(true),
    polls: [] as { after: number; done: (page: PollPage) => void; fail: (error: unknown) => void }[],
    audio: 'running',
  }
  const deps: Deps = {
    open: () => {
      const socket = new FakeSocket()
      sockets.push(socket)
      return socket
    },
    ticket: () => ((net.tickets += 1), net.ticket()),
    alive: () => net.alive(),
    poll: (_inbox, after) => new Promise((done, fail) => net.polls.push({ after: after.seq, done, fail })),
    now: () => time.now,
    random: () => 0.5,
    after: time.after,
    vitals: () => ({ vis: 'visible', audio: net.audio, batt: null, net: null, lag_ms: null }),
    client: { app: 'test', build: '1', device: 'd', lang: 'zh-CN' },
  }
  const host: Host = {
    changed: (line, change) => told.changes.push({ seq: line.cursor.seq, change }),
    link: (link) => told.links.push(link),
    ended: (why) => told.endings.push(why),
    clock: () => undefined,
    outdated: (wanted) => told.outdated.push(wanted),
  }
  const client = new StreamClient(new Map([[INBOX, cursor]]), deps, host)
  const latest = () => sockets[sockets.length - 1] as FakeSocket
  const welcome = (mode: 'replay' | 'snapshot', head: number, epoch = 'e1') =>
    latest().say({
      t: 'welcome', v: 1, conn: 'c', now: new Date(time.now).toISOString(), ping_ms: 15_000, pong_ms: 5_000, jitter_ms: 3_000,
      min_client: '', token_exp: new Date(time.now + 600_000).toISOString(),
      inboxes: [{ id: INBOX, epoch, head, mode, from: 1 }],
    })
  const drawn = () => told.changes.flatMap(({ change }) => change.events.map(({ seq }) => seq))
  return { time, sockets, told, net, client, latest, welcome, drawn }
}

/** Connected, with a snapshot at `seq` and live. */
export async function live(seq = 10) {
  const it = world()
  it.client.start()
  await settle()
  it.latest().onopen?.()
  it.welcome('snapshot', seq)
  it.latest().say(snap(seq))
  it.latest().say({ t: 'live', i: INBOX, seq })
  return it
}
