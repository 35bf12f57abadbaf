import type { Ev, InboxMode, Snap } from '../../generated/console'
import { type Cursor, NOWHERE } from '../wire'

export type Phase = 'waiting' | 'replay' | 'snapshot' | 'live'

const HELD_AT_MOST = 2_000

/** One inbox as it comes in: nothing is drawn twice, nothing over a hole. */
export class Line {
  phase: Phase = 'waiting'
  private held = new Map<number, Ev>()
  private parts = new Map<number, Snap>()
  /** How far the server has said that this goes. */
  private promised: number | null = null

  constructor(
    readonly id: string,
    public cursor: Cursor = NOWHERE,
  ) {}

  /** A new connection knows nothing of what the last one still had in hand. */
  reset(): void {
    this.phase = 'waiting'
    this.held.clear()
    this.parts.clear()
    this.promised = null
  }

  welcome(mode: InboxMode): void {
    this.reset()
    this.phase = mode.mode === 'snapshot' ? 'snapshot' : 'replay'
    if (mode.mode === 'replay' && this.cursor.epoch !== mode.epoch) this.cursor = { epoch: mode.epoch, seq: 0 }
  }

  /** The events that may be drawn now, in order. */
  event(ev: Ev): Ev[] {
    if (ev.seq <= this.cursor.seq && this.phase !== 'snapshot') return []
    if (this.held.size < HELD_AT_MOST) this.held.set(ev.seq, ev)
    return this.phase === 'snapshot' ? [] : this.release()
  }

  /** Whether something is held behind a hole. */
  get gap(): boolean {
    return this.phase !== 'snapshot' && this.held.size > 0
  }

  /** Whether the server has said that there is more than has come. */
  get behind(): boolean {
    return this.phase !== 'snapshot' && (this.gap || this.cursor.seq < (this.promised ?? 0))
  }

  /** The whole state once the last part is there, else null; `after` are events that waited for it. */
  snapshot(frame: Snap): { d: Record<string, unknown>; after: Ev[] } | null {
    if (this.parts.size > 0 && !this.sameSnapshot(frame)) this.parts.clear()
    this.parts.set(frame.part, frame)
    if (this.parts.size < frame.parts) return null
    const d = merge([...this.parts.values()].sort((a, b) => a.part - b.part))
    this.parts.clear()
    // numbers of another epoch mean other events
    if (this.phase !== 'snapshot' && frame.epoch !== this.cursor.epoch) this.reset()
    this.cursor = { epoch: frame.epoch, seq: frame.seq }
    this.phase = this.phase === 'live' ? 'live' : 'replay'
    return { d, after: this.release() }
  }

  live(seq: number): void {
    this.promised = seq
    this.settle()
  }

  /** What `live` announced may come after it, on a line that loses or delays. */
  private settle(): void {
    if (this.phase !== 'snapshot' && this.promised !== null && this.cursor.seq >= this.promised) this.phase = 'live'
  }

  private sameSnapshot(frame: Snap): boolean {
    const [first] = this.parts.values()
    return first?.seq === frame.seq && first.epoch === frame.epoch && first.parts === frame.parts
  }

  private release(): Ev[] {
    const ready: Ev[] = []
    for (const seq of this.held.keys()) if (seq <= this.cursor.seq) this.held.delete(seq)
    for (;;) {
      const next = this.held.get(this.cursor.seq + 1)
      if (!next) break
      this.held.delete(next.seq)
      this.cursor = { epoch: this.cursor.epoch, seq: next.seq }
      ready.push(next)
    }
    this.settle()
    return ready
  }
}

function merge(parts: Snap[]): Record<string, unknown> {
  const whole: Record<string, unknown> = {}
  for (const { d } of parts) {
    for (const [key, value] of Object.entries(d)) {
      const before = whole[key]
      whole[key] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value
    }
  }
  return whole
}
