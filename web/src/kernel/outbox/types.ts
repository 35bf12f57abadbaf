import type { Problem } from '../../generated/http'

/** What a screen asks to be carried out, however long that takes. */
export interface Command {
  /** Below the API's root. */
  path: string
  method?: 'POST' | 'PUT'
  /** A JSON object; it is given `at`, the moment of the press by the server's clock as this phone knows it. */
  body?: Readonly<Record<string, unknown>>
  /** Sent instead of a body, under its own media type. */
  blob?: Blob
  /** Idempotency key; a new one unless the screen has its own. */
  key?: string
  /** Commands of one job go in order. */
  job: string
  /** What the list calls it: a step, `photo`, `support`… */
  what: string
  /** Goes beside the others instead of behind them: a cry for help does not wait for a photo. */
  urgent?: boolean
}

/** A command that has been taken on. */
export interface Queued {
  key: string
  owner: string
  no: number
  job: string
  what: string
  path: string
  method: 'POST' | 'PUT'
  body: Readonly<Record<string, unknown>> | null
  blob: Blob | null
  urgent: boolean
  /** RFC 3339, UTC. */
  at: string
  state: 'waiting' | 'refused'
  tries: number
  problem: Problem | null
  /** Survives a reload; otherwise it lives as long as the page. */
  stored: boolean
}

/** Where commands lie; `put` is false when there is no room. */
export interface Shelf {
  load(owner: string): Promise<Queued[]>
  put(item: Queued): Promise<boolean>
  remove(key: string): Promise<void>
}

/** Which of several pages sends. */
export interface Lead {
  readonly mine: boolean
  /** Take over: the page somebody looks at sends. */
  claim(): void
  /** The others look at the shelf again. */
  tell(): void
}

export interface Deps {
  owner: string
  shelf: Shelf
  lead: (changed: () => void) => Lead
  send: (item: Queued) => Promise<unknown>
  now: () => number
  random: () => number
  after: (ms: number, run: () => void) => () => void
  newKey: () => string
}
