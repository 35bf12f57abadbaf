import type { Ev, Snap, State } from '../../generated/console'
import type { Cursor, RingReport } from '../wire'
import type { Line } from './line'

/** The part of a browser WebSocket the stream uses. */
export interface SocketLike {
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number }) => void) | null
  onerror: (() => void) | null
  send(text: string): void
  close(code?: number): void
}

export type Cancel = () => void

/** One answer of the long-poll fallback. */
export interface PollPage {
  epoch: string
  head: number
  mode: 'replay' | 'snapshot'
  events: Ev[]
  snap: Snap | Record<string, unknown> | null
}

/** What this screen says about itself in every pong. */
export interface Vitals {
  vis: string
  audio: string
  batt: number | null
  net: string | null
  lag_ms: number | null
}

/** Everything outside: network, clock, chance. */
export interface Deps {
  open(): SocketLike
  ticket(): Promise<string>
  /** Whether the login still stands; throws when nobody answers. */
  alive(): Promise<boolean>
  poll(inbox: string, after: Cursor, signal: AbortSignal): Promise<PollPage>
  now(): number
  random(): number
  after(ms: number, run: () => void): Cancel
  vitals(): Vitals
  client: { app: string; build: string; device: string; lang: string }
}

export type Link = 'connecting' | 'syncing' | 'live' | 'polling' | 'down'
export type Ending = 'login' | 'replaced' | 'reload'

export type Change =
  | { kind: 'events'; events: Ev[] }
  | { kind: 'snapshot'; d: Record<string, unknown>; events: Ev[] }

/** Who is told. */
export interface Host {
  changed(line: Line, change: Change): void
  link(link: Link): void
  ended(why: Ending): void
  /** Server time, and the local time it was read at. */
  clock(server: number, local: number): void
  outdated(wanted: string): void
  state?(frame: State): void
}

export interface SeenItem {
  inbox: string
  id: string
  ring: RingReport
}

/** A refused login, as opposed to a line that is down. */
export class NotLoggedIn extends Error {}
