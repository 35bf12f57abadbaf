import { useSyncExternalStore } from 'react'

const SAMPLES = 8

/** Server time by its own frames: a late frame can only make the server look behind, so the largest offset is nearest. */
export class ServerClock {
  private offsets: number[] = []

  sample(server: number, local: number): void {
    if (!Number.isFinite(server)) return
    this.offsets = [...this.offsets.slice(1 - SAMPLES), server - local]
  }

  get offset(): number {
    return this.offsets.length > 0 ? Math.max(...this.offsets) : 0
  }

  now(): number {
    return Date.now() + this.offset
  }
}

export const serverClock = new ServerClock()

const listeners = new Set<() => void>()
let second = Math.floor(Date.now() / 1000)
let timer: ReturnType<typeof setInterval> | null = null

function beat(): void {
  const next = Math.floor(serverClock.now() / 1000)
  if (next === second) return
  second = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(beat, 200)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || !timer) return
    clearInterval(timer)
    timer = null
  }
}

const still = () => () => undefined

/** The current second of the server's time; every counter on the page turns over together, those out of sight rest. */
export const useSecond = (inSight = true): number => useSyncExternalStore(inSight ? subscribe : still, () => second)

const two = (n: number): string => String(n).padStart(2, '0')

export function elapsed(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000))
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making one costs more than using it a hundred times. */
function formatOf(lang: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${lang} ${Object.keys(options).join()}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat(lang, options)
  formats.set(key, known)
  return known
}

/** Local time with seconds; with the date when it is not today. */
export function clockTime(iso: string, lang: string, today: Date = new Date()): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return '—'
  const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  const sameDay = at.toDateString() === today.toDateString()
  const date = sameDay ? {} : ({ month: '2-digit', day: '2-digit' } as const)
  return formatOf(lang, { ...date, ...time }).format(at)
}

/** Hour and minute, for what is not so urgent. */
export const hourMinute = (iso: string, lang: string): string =>
  formatOf(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso))

export interface Amount {
  unit: 'm' | 'km'
  n: number
}

/** Metres to the nearest ten below a kilometre, then kilometres with one decimal. */
export function distance(metres: number): Amount {
  if (metres < 995) return { unit: 'm', n: Math.max(10, Math.round(metres / 10) * 10) }
  return { unit: 'km', n: Math.round(metres / 100) / 10 }
}

/** Whole minutes, rounded up: nobody is promised a helper earlier than expected. */
export const wholeMinutes = (seconds: number): number => Math.max(1, Math.ceil(seconds / 60))

const CHINA_MS = 8 * 3_600_000

/** The day in China at an instant: orders, prices and figures are kept by its days wherever the reader sits. */
export const chinaDay = (ms: number): string => new Date(ms + CHINA_MS).toISOString().slice(0, 10)

/** An instant as a field for date and time wants it, by the clock on the wall. */
export function localInput(ms: number): string {
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** The instant such a field says; null while it is empty. */
export const instantOf = (local: string): string | null => (local === '' ? null : new Date(local).toISOString())
