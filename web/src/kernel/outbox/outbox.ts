import { ApiError } from '../api'
import type { Command, Deps, Lead, Queued } from './types'

const FIRST_MS = 1_000
const CEILING_MS = 30_000
/** Nobody has decided anything yet, so the same is asked again. */
const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504])

type Done = (item: Queued, answer: unknown) => void

/**
 * Commands that are taken on now and carried out when somebody answers, in the order they were given.
 *
 * A refusal is kept until somebody has read it; what came after it goes all the same, since a later step says more.
 */
export class Outbox {
  private items: readonly Queued[] = []
  private readonly listeners = new Set<() => void>()
  private readonly doneListeners = new Set<Done>()
  private readonly sending = new Set<boolean>()
  private readonly lead: Lead
  private readonly loaded: Promise<void>
  private cancel: (() => void) | null = null
  private fails = 0
  /** Nobody is logged in: everything waits until the next login. */
  loggedOut = false

  constructor(private readonly deps: Deps) {
    this.loaded = this.reload()
    this.lead = deps.lead(() => void this.reload().then(() => this.go()))
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Stable between changes. */
  read = (): readonly Queued[] => this.items

  onDone(listener: Done): () => void {
    this.doneListeners.add(listener)
    return () => this.doneListeners.delete(listener)
  }

  /** Take it on. When this returns, it is on the disk, or marked as living in this page only. */
  async enqueue(command: Command): Promise<Queued> {
    await this.loaded
    const item = this.taken(command)
    this.set([...this.items, item])
    const stored = await this.deps.shelf.put({ ...item, stored: true })
    this.change(item.key, { stored })
    this.lead.tell()
    this.nudge()
    return { ...item, stored }
  }

  /** Now, because something has changed: the network, the page in sight, a person's wish. */
  nudge = (): void => {
    this.fails = 0
    this.cancel?.()
    this.cancel = null
    void this.go()
  }

  /** This page is looked at: it sends. */
  inSight = (): void => {
    this.lead.claim()
    this.nudge()
  }

  /** A refused one once more, as a new request: the old key would only be answered with the old refusal. */
  async again(key: string): Promise<void> {
    const item = this.items.find((one) => one.key === key)
    if (!item) return
    const fresh = { ...item, key: this.deps.newKey(), state: 'waiting', problem: null, tries: 0, stored: true } as const
    this.set(this.items.map((one) => (one.key === key ? fresh : one)))
    this.change(fresh.key, { stored: await this.deps.shelf.put(fresh) })
    await this.deps.shelf.remove(key)
    this.lead.tell()
    this.nudge()
  }

  /** Somebody has read why not, and lets it be; or takes back what has not been sent. */
  async drop(key: string): Promise<void> {
    this.set(this.items.filter((one) => one.key !== key))
    await this.deps.shelf.remove(key)
    this.lead.tell()
  }

  private taken({ path, method = 'POST', body, blob, key, job, what, urgent = false }: Command): Queued {
    const at = new Date(this.deps.now()).toISOString()
    return {
      key: key ?? this.deps.newKey(), owner: this.deps.owner, no: 1 + Math.max(0, ...this.items.map((one) => one.no)), job, what, path, method,
      body: blob ? null : { ...body, at }, blob: blob ?? null, urgent, at, state: 'waiting', tries: 0, problem: null, stored: false,
    } // prettier-ignore
  }

  private async reload(): Promise<void> {
    const kept = await this.deps.shelf.load(this.deps.owner)
    const keys = new Set(kept.map(({ key }) => key))
    const here = this.items.filter((one) => !one.stored && !keys.has(one.key))
    this.set([...kept, ...here].sort((a, b) => a.no - b.no || a.at.localeCompare(b.at)))
  }

  private async go(): Promise<void> {
    await this.loaded
    await Promise.all([this.line(true), this.line(false)])
  }

  /** One after another, until nobody answers. */
  private async line(urgent: boolean): Promise<void> {
    if (this.sending.has(urgent) || this.loggedOut) return
    this.sending.add(urgent)
    try {
      for (let item = this.next(urgent); item; item = this.next(urgent)) if (!(await this.tried(item))) return this.later()
    } finally {
      this.sending.delete(urgent)
    }
  }

  private next(urgent: boolean): Queued | undefined {
    return this.items.find((one) => one.urgent === urgent && one.state === 'waiting' && (this.lead.mine || !one.stored))
  }

  /** Whether it is settled, one way or the other. */
  private async tried(item: Queued): Promise<boolean> {
    try {
      const answer = await this.deps.send(item)
      this.fails = 0
      for (const listener of this.doneListeners) listener(item, answer)
      await this.drop(item.key)
      return true
    } catch (error) {
      return this.failed(item, error)
    }
  }

  private async failed(item: Queued, error: unknown): Promise<boolean> {
    if (error instanceof ApiError && error.status === 401) this.loggedOut = true
    const refused = error instanceof ApiError && !unanswered(error)
    this.change(item.key, refused ? { state: 'refused', problem: error.problem } : { tries: item.tries + 1 })
    if (!refused) return false
    await this.deps.shelf.put({ ...item, stored: true, state: 'refused', problem: error.problem })
    this.lead.tell()
    return true
  }

  private later(): void {
    if (this.cancel || this.loggedOut) return
    const wait = Math.min(CEILING_MS, FIRST_MS * 2 ** this.fails) * (0.5 + this.deps.random() / 2)
    this.fails = Math.min(this.fails + 1, 6)
    this.cancel = this.deps.after(wait, () => {
      this.cancel = null
      void this.go()
    })
  }

  private change(key: string, change: Partial<Queued>): void {
    this.set(this.items.map((one) => (one.key === key ? { ...one, ...change } : one)))
  }

  private set(items: readonly Queued[]): void {
    this.items = items
    for (const listener of this.listeners) listener()
  }
}

const unanswered = ({ status, problem }: ApiError): boolean => status === 401 || AGAIN.has(status) || problem.code === 'busy'
