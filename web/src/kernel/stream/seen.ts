import type { Seen } from '../../generated/console'
import type { Cancel, SeenItem } from './types'

const BATCH_MS = 50
const KEPT_AT_MOST = 500
const SAID_AT_MOST = 4_000

/**
 * Says at once what was drawn, and then at most each 50 ms; keeps it while there is no line. Each thing is said once
 * per way of ringing.
 */
export class SeenBatch {
  private waiting: (SeenItem & { at: number })[] = []
  private sent = new Set<string>()
  private timer: Cancel | null = null
  private flushed = -BATCH_MS

  constructor(
    private readonly deps: { now(): number; after(ms: number, run: () => void): Cancel },
    private readonly send: (frame: Seen) => boolean,
  ) {}

  add(item: SeenItem): void {
    const key = `${item.inbox} ${item.id} ${item.ring}`
    if (this.sent.has(key)) return
    this.sent.add(key)
    if (this.sent.size > SAID_AT_MOST) this.sent = new Set([...this.sent].slice(-SAID_AT_MOST / 2))
    this.waiting.push({ ...item, at: this.deps.now() })
    this.waiting = this.waiting.slice(-KEPT_AT_MOST)
    this.timer ??= this.deps.after(Math.max(0, this.flushed + BATCH_MS - this.deps.now()), () => this.flush())
  }

  flush(): void {
    this.timer?.()
    this.timer = null
    this.flushed = this.deps.now()
    for (const group of groups(this.waiting)) {
      if (!this.send(frameOf(group))) return
      this.waiting = this.waiting.filter((item) => !group.includes(item))
    }
  }
}

type Waiting = SeenItem & { at: number }

function groups(items: Waiting[]): Waiting[][] {
  const found = new Map<string, Waiting[]>()
  for (const item of items) {
    const key = `${item.inbox} ${item.ring}`
    found.set(key, [...(found.get(key) ?? []), item])
  }
  return [...found.values()]
}

function frameOf(group: Waiting[]): Seen {
  const [first] = group as [Waiting]
  return {
    t: 'seen',
    i: first.inbox,
    ids: group.map((item) => item.id),
    at: new Date(first.at).toISOString(),
    ring: first.ring,
  }
}
