import type { Cursor } from '../wire'
import { closeRule, olderBuild, retryDelay, windowDelay } from './backoff'
import { type Closed, Connection } from './connection'
import { Line } from './line'
import { Poller } from './poller'
import { SeenBatch } from './seen'
import { type Cancel, type Deps, type Host, type Link, NotLoggedIn, type SeenItem } from './types'

const REFUSED_BEFORE_POLLING = 3
const PROBE_MS = 60_000
const STEADY_MS = 30_000

/** Keeps one ordered stream of all inboxes alive. It never stops trying by itself. */
export class StreamClient {
  private readonly lines: Map<string, Line>
  private readonly poller: Poller
  private readonly seenBatch: SeenBatch
  private connection: Connection | null = null
  private generation = 0
  private busy = false
  /** Somebody has just opened this page or asked for the seat, and has not been let in yet. */
  private take = true
  private running = false
  private failures = 0
  private refused = 0
  private link: Link = 'connecting'
  private retry: Cancel | null = null
  private steady: Cancel | null = null

  constructor(
    inboxes: ReadonlyMap<string, Cursor>,
    private readonly deps: Deps,
    private readonly host: Host,
  ) {
    this.lines = new Map([...inboxes].map(([id, cursor]) => [id, new Line(id, cursor)]))
    this.poller = new Poller(this.lines, deps, host, () => this.show('polling'), () => this.end('login'))
    this.seenBatch = new SeenBatch(deps, (frame) => this.connection?.welcomed === true && this.connection.send(frame))
  }

  start(): void {
    if (this.running) return
    this.running = true
    void this.attempt()
  }

  stop(): void {
    this.running = false
    this.generation += 1
    this.busy = false
    this.retry?.()
    this.steady?.()
    this.poller.stop()
    const old = this.connection
    this.connection = null
    old?.drop(1000)
  }

  /** The page woke up or the network came back: try now instead of at the end of the delay. */
  nudge(): void {
    if (!this.running) return
    if (this.connection?.stale) return this.abandon()
    if (this.connection?.welcomed) return this.connection.report()
    if (!this.busy) void this.attempt()
  }

  seen(item: SeenItem): void {
    this.seenBatch.add(item)
  }

  report(): void {
    this.connection?.report()
  }

  private abandon(): void {
    this.generation += 1
    this.connection?.drop()
    this.connection = null
    this.show('down')
    void this.attempt()
  }

  private async attempt(): Promise<void> {
    this.retry?.()
    this.retry = null
    const generation = (this.generation += 1)
    this.busy = true
    try {
      const ticket = await this.deps.ticket()
      if (generation === this.generation) this.connect(generation, ticket)
    } catch (error) {
      if (generation !== this.generation) return
      this.busy = false
      if (error instanceof NotLoggedIn) this.end('login')
      else this.fail()
    }
  }

  private connect(generation: number, ticket: string): void {
    const mine = () => generation === this.generation
    this.connection = new Connection(this.deps.open(), { ticket, take: this.take }, this.lines, this.deps, this.host, {
      welcome: () => mine() && this.welcomed(),
      synced: (all) => mine() && this.show(all ? 'live' : 'syncing'),
      closed: (how) => mine() && this.closed(how),
    })
  }

  private welcomed(): void {
    this.busy = false
    this.take = false
    this.refused = 0
    this.poller.stop()
    this.show('syncing')
    this.seenBatch.flush()
    this.connection?.report()
    this.steady?.()
    this.steady = this.deps.after(STEADY_MS, () => {
      this.failures = 0
    })
  }

  private closed(how: Closed): void {
    this.connection = null
    this.busy = false
    this.steady?.()
    for (const line of this.lines.values()) line.phase = 'waiting'
    if (!how.welcomed && how.code < 4000) this.refused += 1
    const rule = closeRule(how.code)
    if (rule === 'login' || rule === 'replaced') return this.end(rule)
    if (rule === 'check-session') return void this.checkSession()
    if (rule === 'reload') return this.outlived()
    if (rule === 'slow-retry') return this.later(PROBE_MS)
    this.fail(how.window)
  }

  /** Too old for the socket, and perhaps not to be renewed at once: it must not be deaf meanwhile. */
  private outlived(): void {
    this.host.ended('reload')
    this.poller.start()
    this.later(PROBE_MS)
  }

  private async checkSession(): Promise<void> {
    this.busy = true
    const generation = this.generation
    const alive = await this.deps.alive().catch(() => true)
    if (generation !== this.generation) return
    this.busy = false
    if (alive) this.fail()
    else this.end('login')
  }

  private fail(window: readonly [number, number] | null = null): void {
    const wait = window ? windowDelay(window, this.deps.random()) : retryDelay(this.failures, this.deps.random())
    this.failures += 1
    if (this.refused >= REFUSED_BEFORE_POLLING) {
      this.poller.start()
      if (this.link !== 'polling') this.show('down')
      return this.later(PROBE_MS)
    }
    this.show('down')
    this.later(wait)
  }

  private later(ms: number): void {
    this.retry?.()
    this.retry = this.deps.after(ms, () => void this.attempt())
  }

  private end(why: 'login' | 'replaced'): void {
    this.stop()
    this.show('down')
    this.host.ended(why)
  }

  private show(link: Link): void {
    if (this.link === link) return
    this.link = link
    this.host.link(link)
  }
}

/** Whether the server has asked for a newer build than this one. */
export const mustReload = (build: string, wanted: string): boolean => wanted !== '' && olderBuild(build, wanted)
