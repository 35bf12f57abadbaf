export type Awake = 'held' | 'refused' | 'none'

/** Keeps the screen on while on duty; browsers drop the lock when the page is hidden, so it is asked for again. */
export class WakeLock {
  private wanted = false
  private sentinel: WakeLockSentinel | null = null

  constructor() {
    if (typeof document !== 'undefined') document.addEventListener('visibilitychange', () => void this.renew())
  }

  async hold(): Promise<Awake> {
    this.wanted = true
    return this.renew()
  }

  async release(): Promise<void> {
    this.wanted = false
    await this.sentinel?.release().catch(() => undefined)
    this.sentinel = null
  }

  private async renew(): Promise<Awake> {
    if (!('wakeLock' in navigator)) return 'none'
    if (!this.wanted || document.visibilityState !== 'visible') return 'refused'
    if (this.sentinel && !this.sentinel.released) return 'held'
    try {
      this.sentinel = await navigator.wakeLock.request('screen')
      return 'held'
    } catch {
      return 'refused'
    }
  }
}

export const wakeLock = new WakeLock()
