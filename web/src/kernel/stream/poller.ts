import type { Snap } from '../../generated/console'
import { retryDelay } from './backoff'
import type { Line } from './line'
import { type Deps, type Host, NotLoggedIn, type PollPage } from './types'

/** Reads the same events over plain HTTP where sockets do not get through. */
export class Poller {
  private running: AbortController | null = null

  constructor(
    private readonly lines: Map<string, Line>,
    private readonly deps: Deps,
    private readonly host: Host,
    private readonly works: () => void,
    private readonly loggedOut: () => void,
  ) {}

  start(): void {
    if (this.running) return
    this.running = new AbortController()
    for (const line of this.lines.values()) void this.follow(line, this.running.signal)
  }

  stop(): void {
    this.running?.abort()
    this.running = null
  }

  private async follow(line: Line, signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        const page = await this.deps.poll(line.id, line.cursor, signal)
        if (signal.aborted) return
        failures = 0
        this.apply(line, page)
        this.works()
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof NotLoggedIn) return this.loggedOut()
        failures += 1
        await this.pause(retryDelay(failures, this.deps.random()))
      }
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((done) => void this.deps.after(ms, done))
  }

  private apply(line: Line, page: PollPage): void {
    if (page.mode === 'snapshot' && page.snap) {
      const whole = line.snapshot(frameOf(line, page))
      if (whole) this.host.changed(line, { kind: 'snapshot', d: whole.d, events: whole.after })
    } else if (line.phase !== 'live') {
      line.welcome({ id: line.id, epoch: page.epoch, head: page.head, mode: 'replay', from: line.cursor.seq + 1 })
    }
    const events = page.events.flatMap((ev) => line.event(ev))
    if (events.length > 0) this.host.changed(line, { kind: 'events', events })
    line.live(page.head)
  }
}

function frameOf(line: Line, page: PollPage): Snap {
  const snap = page.snap as Snap | Record<string, unknown>
  if ('d' in snap && 'seq' in snap) return { ...(snap as Snap), part: 1, parts: 1 }
  return { t: 'snap', i: line.id, epoch: page.epoch, seq: page.head, reason: 'client', part: 1, parts: 1, d: snap }
}
