import type { State } from '../../generated/console'
import type { Change } from '../stream/types'
import { type Cursor, NOWHERE } from '../wire'

export interface Saved<S> {
  cursor: Cursor
  state: S
}

export interface Saver<S> {
  load(inbox: string): Promise<Saved<S> | null>
  save(inbox: string, saved: Saved<S>): void
}

/** What is told beside the inboxes, and how what comes by them ends it. */
export interface Beside<S> {
  told(state: S, frame: State): S
  after(state: S, change: Change): S
}

/** Where that is held which no inbox keeps. */
const BESIDE = ''

export type Reduce<S> = (state: S, change: Change) => S

/** Runs at once, then not again before it has rested: fifty events a second are not fifty pages drawn. */
class Paced {
  private resting = false
  private again = false

  constructor(
    private readonly run: () => void,
    private readonly rest: (over: () => void) => void,
  ) {}

  call(): void {
    this.again = this.resting
    if (this.resting) return
    this.resting = true
    this.run()
    this.rest(() => this.rested())
  }

  private rested(): void {
    this.resting = false
    if (this.again) this.call()
  }
}

/** State per inbox with the position it stands for; both are kept together, so a reload resumes without a hole. */
export class InboxStore<S> {
  private held = new Map<string, Saved<S>>()
  private listeners = new Set<() => void>()
  private readonly telling: Paced

  /** `rest` says when those who listen may be told again. */
  constructor(
    readonly inboxes: readonly string[],
    private readonly empty: S,
    private readonly reduce: Reduce<S>,
    private readonly saver: Saver<S>,
    rest: (over: () => void) => void = (over) => over(),
  ) {
    this.telling = new Paced(() => this.tell(), rest)
  }

  async restore(): Promise<void> {
    const found = await Promise.all(this.inboxes.map(async (inbox) => [inbox, await this.saver.load(inbox)] as const))
    this.held = new Map(found.filter((entry): entry is [string, Saved<S>] => entry[1] !== null))
    this.telling.call()
  }

  cursors(): Map<string, Cursor> {
    return new Map(this.inboxes.map((inbox) => [inbox, this.held.get(inbox)?.cursor ?? NOWHERE]))
  }

  /** Stable between changes, as a subscription needs. */
  read = (): ReadonlyMap<string, Saved<S>> => this.held

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  changed(inbox: string, cursor: Cursor, change: Change): void {
    const state = this.held.get(inbox)?.state ?? this.empty
    this.put(inbox, { cursor, state: this.reduce(state, change) })
  }

  /** A change made on this screen: seen, put aside, dismissed. */
  local(inbox: string, edit: (state: S) => S): void {
    const now = this.held.get(inbox)
    if (!now) return
    const state = edit(now.state)
    if (state !== now.state) this.put(inbox, { cursor: now.cursor, state })
  }

  everywhere(edit: (state: S) => S): void {
    for (const inbox of this.held.keys()) this.local(inbox, edit)
  }

  /** What is told beside the inboxes: it is not kept, so a reload begins without it. */
  beside(edit: (state: S) => S): void {
    const before = this.held.get(BESIDE)?.state ?? this.empty
    const state = edit(before)
    if (state !== before) this.hold(BESIDE, { cursor: NOWHERE, state })
  }

  private put(inbox: string, saved: Saved<S>): void {
    if (inbox !== BESIDE) this.saver.save(inbox, saved)
    this.hold(inbox, saved)
  }

  private hold(inbox: string, saved: Saved<S>): void {
    this.held = new Map(this.held).set(inbox, saved)
    this.telling.call()
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }
}
