import type { RingReport } from '../wire'
import { type Level, levelOf, type Pattern, PATTERNS, render, TEST_CHIME } from './pattern'

export type Sound = 'running' | 'blocked' | 'none'

export interface Wanted {
  key: string
  level: number
}

const SOFT = 0.45
const LOUDER_AFTER_S = 20
const LOCK = 'yinling.ring'

/** One bell for the whole page: rings the most urgent thing nobody has hushed. */
export class Bell {
  private context: AudioContext | null = null
  private buffers = new Map<Pattern, AudioBuffer>()
  private playing: { level: Level; source: AudioBufferSourceNode; gain: GainNode } | null = null
  private shaking: ReturnType<typeof setInterval> | null = null
  private wanted: readonly Wanted[] = []
  private hushed = new Map<string, number>()
  private listeners = new Set<() => void>()
  private releaseLock: (() => void) | null = null
  private askedLock = false
  private locked = false
  sound: Sound = supported() ? 'blocked' : 'none'

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  read = (): Sound => this.sound

  /** Must run inside a tap or a key press, else the browser keeps the sound off. */
  async unlock(): Promise<Sound> {
    if (!supported()) return this.sound
    this.context ??= this.make()
    await Promise.race([this.context.resume(), new Promise((done) => setTimeout(done, 1_500))])
    this.check()
    if (this.sound === 'running') setTimeout(() => this.cast(), 2_500)
    return this.sound
  }

  /** Rendering a tone takes a slow phone a while, so it is done before the first alarm needs it. */
  private cast(): void {
    for (const pattern of Object.values(PATTERNS)) this.buffer(pattern)
  }

  /** Strikes once so that a person hears whether it works. */
  test(): void {
    if (this.sound !== 'running') return
    const { source } = this.start(TEST_CHIME, false)
    source.stop((this.context?.currentTime ?? 0) + TEST_CHIME.period)
    navigator.vibrate?.([...TEST_CHIME.shake])
  }

  /** Everything that should be sounding now; what is no longer here falls silent. */
  want(wanted: readonly Wanted[]): void {
    this.wanted = wanted
    const keys = new Set(wanted.map(({ key }) => key))
    for (const key of this.hushed.keys()) if (!keys.has(key)) this.hushed.delete(key)
    this.settle()
  }

  /** Silences what sounds now; with `ms` only for that long. New things ring all the same. */
  hush(ms = Number.POSITIVE_INFINITY): void {
    const until = Date.now() + ms
    for (const { key } of this.wanted) this.hushed.set(key, until)
    this.settle()
    if (Number.isFinite(ms)) setTimeout(() => this.settle(), ms + 50)
  }

  /** What is true of this thing at the moment it is drawn. */
  reportFor(key: string): RingReport {
    if (!this.wanted.some((one) => one.key === key)) return 'none'
    if (this.sound !== 'running') return 'blocked'
    return this.isHushed(key) || !this.holdsLock() ? 'muted' : 'ok'
  }

  /** Another tab of this browser rings instead. */
  get elsewhere(): boolean {
    return this.sound === 'running' && !this.holdsLock()
  }

  get ringing(): boolean {
    return this.playing !== null
  }

  private make(): AudioContext {
    const context = new AudioContext()
    context.onstatechange = () => this.check()
    return context
  }

  private check(): void {
    const sound: Sound = this.context?.state === 'running' ? 'running' : supported() ? 'blocked' : 'none'
    if (sound === 'running') this.takeLock()
    else this.dropLock()
    if (sound === this.sound) return
    this.sound = sound
    this.settle()
  }

  // Of several tabs one rings; a tab that cannot sound must not hold the others back.
  private takeLock(): void {
    if (this.askedLock || !navigator.locks) return
    this.askedLock = true
    const held = new Promise<void>((done) => (this.releaseLock = done))
    void navigator.locks
      .request(LOCK, async () => {
        this.locked = true
        this.settle()
        await held
        this.locked = false
      })
      .catch(() => (this.locked = true))
  }

  private holdsLock(): boolean {
    return this.locked || !navigator.locks
  }

  private dropLock(): void {
    this.releaseLock?.()
    this.releaseLock = null
    this.askedLock = false
  }

  private isHushed(key: string): boolean {
    return (this.hushed.get(key) ?? 0) > Date.now()
  }

  private settle(): void {
    const loud = this.wanted.filter(({ key }) => !this.isHushed(key))
    const most = loud.length > 0 && this.holdsLock() ? levelOf(Math.min(...loud.map(({ level }) => level))) : null
    if (most !== this.playing?.level) {
      this.silence()
      if (most) this.ring(most)
    }
    for (const listener of this.listeners) listener()
  }

  private ring(level: Level): void {
    const pattern = PATTERNS[level]
    this.shake(pattern)
    if (this.sound !== 'running') return
    this.playing = { level, ...this.start(pattern, true) }
  }

  private start(pattern: Pattern, loop: boolean): { source: AudioBufferSourceNode; gain: GainNode } {
    const context = this.context as AudioContext
    const source = context.createBufferSource()
    source.buffer = this.buffer(pattern)
    source.loop = loop
    const gain = context.createGain()
    gain.gain.setValueAtTime(SOFT, context.currentTime)
    gain.gain.linearRampToValueAtTime(1, context.currentTime + LOUDER_AFTER_S)
    source.connect(gain).connect(context.destination)
    source.start()
    return { source, gain }
  }

  private buffer(pattern: Pattern): AudioBuffer {
    const context = this.context as AudioContext
    const known = this.buffers.get(pattern)
    if (known) return known
    const samples = render(pattern, context.sampleRate)
    const buffer = context.createBuffer(1, samples.length, context.sampleRate)
    buffer.copyToChannel(samples, 0)
    this.buffers.set(pattern, buffer)
    return buffer
  }

  private shake(pattern: Pattern): void {
    if (!navigator.vibrate || !navigator.userActivation?.hasBeenActive) return
    const once = () => navigator.vibrate([...pattern.shake])
    once()
    this.shaking = setInterval(once, pattern.period * 1000)
  }

  private silence(): void {
    if (this.shaking) clearInterval(this.shaking)
    if (this.shaking) navigator.vibrate?.(0)
    this.shaking = null
    if (!this.playing) return
    this.playing.source.stop()
    this.playing.gain.disconnect()
    this.playing = null
  }
}

function supported(): boolean {
  return typeof AudioContext !== 'undefined'
}

export const bell = new Bell()
