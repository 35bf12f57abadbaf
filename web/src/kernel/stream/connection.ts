import type { Ev, Ping, Snap, Welcome } from '../../generated/console'
import { type ClientFrame, parseFrame } from '../wire'
import type { Line } from './line'
import type { Cancel, Change, Deps, Host, SocketLike } from './types'

const SILENCE_MS = 25_000
const WELCOME_MS = 10_000
const ACK_EVERY = 20
const ACK_MS = 1_000
const SYNC_AGAIN_MS = 3_000
const LONGEST_TIMER_MS = 2 ** 31 - 1

export interface Closed {
  code: number
  welcomed: boolean
  window: readonly [number, number] | null
}

/** One socket from hello to close. Only the client above it decides what comes next. */
export class Connection {
  welcomed = false
  private over = false
  private lastPing = 0
  private heard = 0
  private window: readonly [number, number] | null = null
  private unacked = new Map<string, number>()
  private asked = new Map<string, { after: number; at: number }>()
  private timers: Partial<Record<'silence' | 'ack' | 'auth' | 'sync', Cancel>> = {}

  constructor(
    private readonly socket: SocketLike,
    private readonly opening: { ticket: string; take: boolean },
    private readonly lines: Map<string, Line>,
    private readonly deps: Deps,
    private readonly host: Host,
    private readonly told: { welcome(): void; synced(all: boolean): void; closed(how: Closed): void },
  ) {
    socket.onopen = () => this.hello()
    socket.onmessage = (event) => this.receive(event.data)
    socket.onclose = (event) => this.finish(event.code)
    socket.onerror = () => undefined
    this.watch(WELCOME_MS)
  }

  send(frame: ClientFrame): boolean {
    if (this.over) return false
    try {
      this.socket.send(JSON.stringify(frame))
      return true
    } catch {
      return false
    }
  }

  /** Says at once what the next pong would say: a screen that just learnt to ring should not wait 15 s. */
  report(): void {
    if (this.welcomed) this.send({ t: 'pong', n: this.lastPing, ...this.deps.vitals() })
  }

  /** A page that was frozen may hold a socket that died meanwhile. */
  get stale(): boolean {
    return this.deps.now() - this.heard > SILENCE_MS
  }

  /** Gives up on this socket; its own late events are ignored. */
  drop(code = 1006): void {
    try {
      this.socket.close()
    } catch {
      // already gone
    }
    this.finish(code)
  }

  private finish(code: number): void {
    if (this.over) return
    this.over = true
    Object.values(this.timers).forEach((cancel) => cancel())
    this.told.closed({ code, welcomed: this.welcomed, window: this.window })
  }

  private hello(): void {
    const inboxes = [...this.lines.values()].map(({ id, cursor }) => ({ id, ...cursor }))
    const { ticket: token, take } = this.opening
    this.send({ t: 'hello', v: 1, token, client: this.deps.client, inboxes, topics: [], take })
  }

  private watch(ms: number): void {
    this.heard = this.deps.now()
    this.timers.silence?.()
    this.timers.silence = this.deps.after(ms, () => this.drop())
  }

  private receive(data: unknown): void {
    if (this.over) return
    const frame = parseFrame(data)
    if (!frame) return
    this.watch(this.welcomed || frame.t === 'welcome' ? SILENCE_MS : WELCOME_MS)
    switch (frame.t) {
      case 'welcome':
        return this.welcome(frame)
      case 'ev':
        return this.event(frame)
      case 'live':
        return this.live(frame.i, frame.seq)
      case 'snap':
        return this.snapshot(frame)
      case 'ping':
        return this.ping(frame)
      case 'bye':
        this.window = frame.after_ms
        return
      case 'state':
        return this.host.state?.(frame)
      default:
        return
    }
  }

  private welcome(frame: Welcome): void {
    this.welcomed = true
    const now = this.deps.now()
    this.host.clock(Date.parse(frame.now), now)
    for (const mode of frame.inboxes) this.lines.get(mode.id)?.welcome(mode)
    this.renewBefore(Date.parse(frame.token_exp) - Date.parse(frame.now))
    this.told.welcome()
    this.host.outdated(frame.min_client)
  }

  private renewBefore(life: number): void {
    if (!(life > 0)) return
    this.timers.auth = this.deps.after(Math.min(life * 0.8, LONGEST_TIMER_MS), () => void this.renew())
  }

  private async renew(): Promise<void> {
    try {
      this.send({ t: 'auth', token: await this.deps.ticket() })
    } catch {
      // the server closes 4401 when the old one ends, which asks for a login
    }
  }

  private ping(frame: Ping): void {
    const now = this.deps.now()
    this.lastPing = frame.n
    this.host.clock(Date.parse(frame.now), now)
    this.send({ t: 'pong', n: frame.n, ...this.deps.vitals() })
  }

  private event(ev: Ev): void {
    const line = this.lines.get(ev.i)
    if (!line) return
    this.draw(line, { kind: 'events', events: line.event(ev) })
  }

  private snapshot(frame: Snap): void {
    const line = this.lines.get(frame.i)
    const whole = line?.snapshot(frame)
    if (line && whole) this.draw(line, { kind: 'snapshot', d: whole.d, events: whole.after })
  }

  private draw(line: Line, change: Change): void {
    if (change.kind === 'snapshot' || change.events.length > 0) {
      this.host.changed(line, change)
      this.synced()
      this.acknowledge(line, change.events.length)
    }
    if (line.gap) this.sync(line)
  }

  private live(inbox: string, seq: number): void {
    const line = this.lines.get(inbox)
    if (!line) return
    line.live(seq)
    if (line.cursor.seq < seq) return this.sync(line)
    this.synced()
  }

  private synced(): void {
    this.told.synced([...this.lines.values()].every(({ phase }) => phase === 'live'))
  }

  private sync(line: Line): void {
    const now = this.deps.now()
    const last = this.asked.get(line.id)
    if (last?.after === line.cursor.seq && now - last.at < SYNC_AGAIN_MS) return
    this.asked.set(line.id, { after: line.cursor.seq, at: now })
    this.send({ t: 'sync', i: line.id, after: line.cursor.seq })
    this.timers.sync?.()
    this.timers.sync = this.deps.after(SYNC_AGAIN_MS, () => this.syncAgain())
  }

  private syncAgain(): void {
    for (const line of this.lines.values()) if (line.behind) this.sync(line)
  }

  private acknowledge(line: Line, count: number): void {
    const waiting = (this.unacked.get(line.id) ?? 0) + Math.max(count, 1)
    this.unacked.set(line.id, waiting)
    if (waiting >= ACK_EVERY) return this.ack(line.id)
    this.timers.ack ??= this.deps.after(ACK_MS, () => this.ackAll())
  }

  private ackAll(): void {
    delete this.timers.ack
    for (const id of [...this.unacked.keys()]) this.ack(id)
  }

  private ack(id: string): void {
    this.unacked.delete(id)
    const line = this.lines.get(id)
    if (line) this.send({ t: 'ack', i: id, seq: line.cursor.seq })
  }
}
