import { useSyncExternalStore } from 'react'
import type { Status } from '../generated/http'
import { ApiError, NetworkError, request } from './api'


const EVERY_MS = 10_000
const SLOW_MS = 2_000
const MISSES = 2

/** Which parts of the platform are away, as it says itself or by its silence. */
export class Health {
  private listeners = new Set<() => void>()
  private away: readonly string[] = []
  private timer: ReturnType<typeof setTimeout> | null = null
  private misses = 0
  /** How long the last answer took, in milliseconds. */
  lag: number | null = null

  constructor(private readonly ask: () => Promise<Status> = () => request<Status>('/status', { timeout: 5_000, plain: true })) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  read = (): readonly string[] => this.away

  /** Whether the line is so slow that a person would notice. */
  readSlow = (): boolean => (this.lag ?? 0) > SLOW_MS

  start(): void {
    void this.check()
  }

  /** Now, for instance because the stream has just broken. */
  async check(): Promise<void> {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    const slow = this.readSlow()
    this.set(await this.look())
    if (slow !== this.readSlow()) this.tell()
    this.timer ??= setTimeout(() => void this.check(), EVERY_MS)
  }

  private async look(): Promise<readonly string[]> {
    try {
      const asked = performance.now()
      const { parts } = await this.ask()
      this.lag = Math.round(performance.now() - asked)
      this.misses = 0
      return awayOf(parts)
    } catch (error) {
      return this.silence(error)
    }
  }

  // A phone without network knows nothing about the platform, so only an answer counts as an outage at once.
  private silence(error: unknown): readonly string[] {
    if (error instanceof ApiError && error.status >= 500) return partsOf(error)
    if (error instanceof ApiError) return []
    this.misses += 1
    const online = typeof navigator === 'undefined' || navigator.onLine !== false
    return error instanceof NetworkError && online && this.misses >= MISSES ? ['gateway'] : this.away
  }

  private set(away: readonly string[]): void {
    if (away.join() === this.away.join()) return
    this.away = away
    this.tell()
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }
}

function partsOf(error: ApiError): readonly string[] {
  const parts = error.problem.params['parts']
  if (typeof parts !== 'object' || parts === null) return ['gateway']
  const away = awayOf(parts as Record<string, boolean>)
  return away.length > 0 ? away : ['gateway']
}

const awayOf = (parts: Record<string, boolean>): string[] =>
  Object.entries(parts)
    .filter(([, ok]) => !ok)
    .map(([name]) => name)

export const health = new Health()
export const useSlow = (): boolean => useSyncExternalStore(health.subscribe, health.readSlow)
export const useHealth = (): readonly string[] => useSyncExternalStore(health.subscribe, health.read)
