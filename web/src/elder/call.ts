import { keep, kept, forget } from './kept'
import { type Alarm, nextAlarm, type Phone, type Place, signed } from './phone'

export const STAGES = ['recorded', 'seen', 'accepted', 'arrived', 'closed'] as const
export type Stage = (typeof STAGES)[number]

export interface Receipt {
  rev: number
  stage: Stage
  who?: string
  eta_s?: number
  say?: string
}

/** `dialled`: nobody answered in time, so the telephone rang somebody; the alarm is still being sent. */
export type Call =
  | { at: 'idle' }
  | { at: 'counting'; left: number }
  | { at: 'calling'; since: number; tries: number; dialled: boolean; refused: boolean; receipt: Receipt | null; heardAt: number }

export const COUNT_S = 5
export const ANSWER_MS = 3_000
const AGAIN_MS = 3_000
const PATIENCE_MS = 8_000
const RESUMED_MS = 2 * 3_600_000
const PENDING = 'yinling.elder.call'
const IDLE: Call = { at: 'idle' }

interface Means {
  phone: () => Phone | null
  place: () => Promise<Place | null>
  dial: () => void
}

export const reached = (receipt: Receipt | null, stage: Stage): boolean =>
  receipt !== null && STAGES.indexOf(receipt.stage) >= STAGES.indexOf(stage)

/** Whole minutes until somebody is there, counted on from when that was heard; null where nobody has said. */
export function minutesLeft(receipt: Receipt, heardAt: number, now: number): number | null {
  if (receipt.eta_s === undefined) return null
  return Math.max(0, Math.ceil((receipt.eta_s - (now - heardAt) / 1000) / 60))
}

/** One call for help from the finger to the end, told to whoever listens. */
export class Caller {
  private call: Call = IDLE
  private listeners = new Set<() => void>()
  private alarm: Alarm | null = null
  private timer: ReturnType<typeof setTimeout> | null = null
  private answerBy: ReturnType<typeof setTimeout> | null = null
  private place: Promise<Place | null> = Promise.resolve(null)

  constructor(private readonly means: Means) {}

  readonly now = (): Call => this.call

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Counts down, so that a slip of the finger can be taken back. */
  readonly begin = (): void => {
    if (this.call.at !== 'idle') return
    this.place = this.means.place()
    this.count(COUNT_S)
  }

  private count(left: number): void {
    if (left === 0) {
      void this.send()
      return
    }
    this.tell({ at: 'counting', left })
    this.timer = setTimeout(() => this.count(left - 1), 1_000)
  }

  readonly cancel = (): void => {
    if (this.call.at === 'counting') this.end()
  }

  /** A further press of the same call: the desk sees that she presses again. */
  readonly again = (): void => {
    if (this.call.at === 'calling') void this.send()
  }

  readonly end = (): void => {
    this.stop()
    this.alarm = null
    forget(PENDING)
    this.tell(IDLE)
  }

  /** After a reload: what was called for stays called for. */
  readonly resume = (): void => {
    const pending = kept<Alarm>(PENDING)
    if (this.call.at !== 'idle' || !pending || Date.now() - pending.ts > RESUMED_MS) return
    this.follow(pending)
  }

  private async send(): Promise<void> {
    this.stop()
    const it = this.means.phone()
    if (!it) {
      this.tell({ at: 'calling', since: Date.now(), tries: 0, dialled: true, refused: true, receipt: null, heardAt: 0 })
      this.means.dial()
      return
    }
    const known = await Promise.race([this.place, Promise.resolve(null)])
    const alarm = nextAlarm(it, known, Date.now())
    keep(PENDING, alarm)
    this.follow(alarm)
  }

  private follow(alarm: Alarm): void {
    this.alarm = alarm
    this.tell({ at: 'calling', since: alarm.ts, tries: 0, dialled: false, refused: false, receipt: null, heardAt: 0 })
    this.answerBy = setTimeout(() => this.unanswered(), ANSWER_MS)
    void this.attempt(alarm)
  }

  private unanswered(): void {
    if (this.call.at !== 'calling' || this.call.receipt || this.call.dialled) return
    this.tell({ ...this.call, dialled: true })
    this.means.dial()
  }

  private async attempt(alarm: Alarm): Promise<void> {
    const it = this.means.phone()
    if (!it || this.call.at !== 'calling') return
    const tries = this.call.tries + 1
    this.tell({ ...this.call, tries })
    const answer = await post(it, alarm, tries)
    if (this.alarm !== alarm || this.call.at !== 'calling') return
    if (answer === 'refused') {
      this.tell({ ...this.call, refused: true })
      this.unanswered()
      return
    }
    if (answer) this.heard(answer)
    if (answer?.stage === 'closed') forget(PENDING)
    else this.timer = setTimeout(() => void this.attempt(alarm), answer ? AGAIN_MS : pause(tries))
  }

  private heard(receipt: Receipt): void {
    if (this.call.at !== 'calling' || (this.call.receipt && receipt.rev <= this.call.receipt.rev)) return
    this.tell({ ...this.call, receipt, heardAt: Date.now() })
  }

  private stop(): void {
    if (this.timer) clearTimeout(this.timer)
    if (this.answerBy) clearTimeout(this.answerBy)
  }

  private tell(call: Call): void {
    this.call = call
    for (const listener of this.listeners) listener()
  }
}

/** 2 s, each wait 1.7 times the last, at most 8 s: the rule for every device. */
const pause = (tries: number): number => Math.min(PATIENCE_MS, 2_000 * 1.7 ** (tries - 1)) * (0.8 + Math.random() * 0.4)

async function post(it: Phone, alarm: Alarm, tries: number): Promise<Receipt | 'refused' | null> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), PATIENCE_MS)
  try {
    const response = await fetch('/device/v1/alarms', { method: 'POST', ...signed(it, alarm, tries), signal: controller.signal })
    if (response.status === 401) return 'refused'
    const body = (await response.json()) as Partial<Receipt>
    return response.ok && body.stage !== undefined ? (body as Receipt) : null
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}
