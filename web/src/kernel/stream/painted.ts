import type { Unseen } from '../state/queue'
import type { RingReport } from '../wire'

/** Takes what was seen off a state. */
export type Off<S> = (state: S, ids: ReadonlySet<string>) => S

export interface Drawn<S> {
  unseen: readonly Unseen[]
  /** How it sounds at the moment it is on the page. */
  ring: () => RingReport
  off: Off<S>
}

/**
 * What is on the page by the next frame, reported together: five hundred rows of a snapshot are one change of state.
 * A hidden page has no frames, so it reports nothing.
 */
export class Painted<S> {
  private waiting = new Set<Drawn<S>>()
  private frame: number | null = null

  constructor(
    private readonly seen: (inbox: string, id: string, ring: RingReport) => void,
    private readonly edit: (change: (state: S) => S) => void,
  ) {}

  /** Returns how to take it back before it was painted. */
  add(drawn: Drawn<S>): () => void {
    this.waiting.add(drawn)
    this.frame ??= requestAnimationFrame(() => this.flush())
    return () => void this.waiting.delete(drawn)
  }

  private flush(): void {
    this.frame = null
    const offs = new Map<Off<S>, Set<string>>()
    for (const { unseen, ring, off } of this.waiting) {
      const sounds = ring()
      for (const { inbox, id } of unseen) this.seen(inbox, id, sounds)
      if (sounds !== 'blocked') offs.set(off, new Set([...(offs.get(off) ?? []), ...unseen.map(({ id }) => id)]))
    }
    this.waiting.clear()
    if (offs.size > 0) this.edit((state) => [...offs].reduce((before, [off, ids]) => off(before, ids), state))
  }
}
