import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Account, Ticket } from '../generated/http'
import { ApiError, newKey, request } from './api'
import { savedInBrowser } from './db'
import { health } from './health'
import { preferences } from './preferences'
import { bell } from './ring/bell'
import { type Beside, InboxStore, type Reduce } from './state/store'
import { mustReload, StreamClient } from './stream/client'
import type { Line } from './stream/line'
import { Painted } from './stream/painted'
import { type Change, type Deps, type Ending, type Host, type Link, NotLoggedIn, type PollPage, type SocketLike, type Vitals } from './stream/types'
import { serverClock } from './time'
import { SUBPROTOCOL } from './wire'

export interface LinkState {
  link: Link
  since: number
  ending: Ending | null
}

const POLL_WAIT_S = 25

function device(): string {
  try {
    const known = localStorage.getItem('yinling.device') ?? `d-${newKey().slice(0, 8)}`
    localStorage.setItem('yinling.device', known)
    return known
  } catch {
    return 'd-unknown'
  }
}

interface Battery {
  level: number
}
let battery: Battery | null = null

async function readBattery(): Promise<void> {
  const source = navigator as { getBattery?: () => Promise<Battery> }
  battery = (await source.getBattery?.().catch(() => null)) ?? null
}

function vitals(): Vitals {
  const net = (navigator as { connection?: { effectiveType?: string } }).connection?.effectiveType
  return { vis: document.visibilityState, audio: bell.sound, batt: battery?.level ?? null, net: net ?? null, lag_ms: health.lag }
}

async function loggedIn<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) throw new NotLoggedIn()
    throw error
  }
}

async function ticket(): Promise<string> {
  const post = { method: 'POST', key: newKey(), timeout: 10_000 } as const
  return (await loggedIn(request<Ticket>('/ws-tickets', post))).ticket
}

async function alive(): Promise<boolean> {
  return loggedIn(request('/sessions/current')).then(
    () => true,
    (error: unknown) => {
      if (error instanceof NotLoggedIn) return false
      throw error
    },
  )
}

function openSocket(): SocketLike {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  return new WebSocket(`${scheme}://${location.host}/ws`, SUBPROTOCOL) as SocketLike
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

const LONGEST_REST_MS = 100

/** Until the next frame; a hidden page has none, and must ring all the same. */
function frame(over: () => void): void {
  const timer = setTimeout(done, LONGEST_REST_MS)
  const waiting = requestAnimationFrame(done)
  function done(): void {
    clearTimeout(timer)
    cancelAnimationFrame(waiting)
    over()
  }
}

function depsFor(app: string): Deps {
  return {
    open: openSocket,
    ticket,
    alive,
    poll: (inbox, { epoch, seq }, signal) =>
      loggedIn(
        request<PollPage>(
          `/inbox/${encodeURIComponent(inbox)}/events?after=${seq}&epoch=${encodeURIComponent(epoch)}&wait=${POLL_WAIT_S}`,
          { signal, timeout: (POLL_WAIT_S + 10) * 1000 },
        ),
      ),
    now: Date.now,
    random: Math.random,
    after,
    vitals,
    client: { app, build: __BUILD__, device: device(), lang: preferences().lang ?? 'zh-CN' },
  }
}

/** The stream, its store and its state as one thing a screen can hold. */
export class Live<S> {
  readonly store: InboxStore<S>
  readonly painted = new Painted<S>(
    (inbox, id, ring) => this.client?.seen({ inbox, id, ring }),
    (change) => this.store.everywhere(change),
  )
  /** A newer build is wanted; the screen reloads when it can do so without harm. */
  outdated: string | null = null
  private client: StreamClient | null = null
  private listeners = new Set<() => void>()
  private state: LinkState = { link: 'connecting', since: Date.now(), ending: null }

  constructor(
    private readonly app: string,
    account: Account,
    private readonly empty: S,
    reduce: Reduce<S>,
    private readonly beside: Beside<S> | null = null,
  ) {
    this.store = new InboxStore(account.inboxes, empty, reduce, savedInBrowser<S>(account.id), frame)
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  read = (): LinkState => this.state

  async start(): Promise<void> {
    await Promise.all([this.store.restore(), readBattery()])
    this.connect()
    const nudge = () => this.client?.nudge()
    const seen = () => (document.visibilityState === 'visible' ? nudge() : this.client?.report())
    addEventListener('online', nudge)
    addEventListener('pageshow', nudge)
    document.addEventListener('visibilitychange', seen)
    bell.subscribe(onChange(bell.read, () => this.client?.report()))
    health.start()
  }

  /** Once more from here, after another place took the seat. */
  takeOver(): void {
    this.client?.stop()
    this.connect()
  }

  stop(): void {
    this.client?.stop()
  }

  private connect(): void {
    this.set({ link: 'connecting', ending: null })
    this.client = new StreamClient(this.store.cursors(), depsFor(this.app), this.host())
    this.client.start()
  }

  private host(): Host {
    return {
      changed: (line, change) => this.changed(line, change),
      state: (frame) => this.store.beside((state) => this.beside?.told(state, frame) ?? state),
      link: (link) => this.moved(link),
      ended: (ending) => this.set({ ending }),
      clock: (server, local) => serverClock.sample(server, local),
      outdated: (wanted) => {
        if (mustReload(__BUILD__, wanted)) this.outdated = wanted
      },
    }
  }

  /** First what has come, then what that ends: between them nothing falls silent. */
  private changed(line: Line, change: Change): void {
    this.store.changed(line.id, line.cursor, change)
    this.store.beside((state) => this.beside?.after(state, change) ?? state)
  }

  /** What stands beside the inboxes is told anew by every connection. */
  private moved(link: Link): void {
    if (link === 'syncing') this.store.beside(() => this.empty)
    this.set({ link })
    if (link === 'down') void health.check()
  }

  private set(change: Partial<LinkState>): void {
    const since = change.link && change.link !== this.state.link ? Date.now() : this.state.since
    this.state = { ...this.state, ...change, since }
    for (const listener of this.listeners) listener()
  }
}

function onChange<T>(read: () => T, run: () => void): () => void {
  let before = read()
  return () => {
    const now = read()
    if (now === before) return
    before = now
    run()
  }
}

export function useLink<S>(live: Live<S>): LinkState {
  return useSyncExternalStore(live.subscribe, live.read)
}

/** Starts the stream once and keeps it for the life of the page. */
export function useStarted<S>(live: Live<S>): boolean {
  const [ready, setReady] = useState(false)
  useEffect(() => {
    void live.start().then(() => setReady(true))
    return () => live.stop()
  }, [live])
  return ready
}

const RELOADED = 'yinling.reloaded'

/** Reloads for a newer build, but never in a circle. */
export function reloadOnce(why: string): boolean {
  try {
    if (sessionStorage.getItem(RELOADED) === why) return false
    sessionStorage.setItem(RELOADED, why)
  } catch {
    return false
  }
  location.reload()
  return true
}
