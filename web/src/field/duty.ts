import { useCallback, useEffect, useState } from 'react'
import type { Duty } from '../generated/http'
import { request } from '../kernel/api'
import { bell } from '../kernel/ring/bell'
import { onDuty } from '../kernel/state/field'
import { wakeLock } from '../kernel/wake'
import { useField } from './live'
import { allowNotices } from './notices'
import { locate, putDuty } from './position'
import type { Fix } from './way'

export type Check = 'sound' | 'notice' | 'location' | 'awake' | 'duty'
export type Result = 'wait' | 'ok' | 'fault'
export interface Checks {
  results: Partial<Record<Check, Result>>
  accuracy: number | null
  problem: unknown
}

const NOTHING: Checks = { results: {}, accuracy: null, problem: null }
const ALL_WAIT = { sound: 'wait', notice: 'wait', location: 'wait', awake: 'wait', duty: 'wait' } as const
const WAIT_FOR_PLACE_MS = 4_000

const later = (ms: number) => new Promise<null>((done) => setTimeout(() => done(null), ms))

export function useDuty() {
  const { live } = useField()
  const [checks, setChecks] = useState<Checks>(NOTHING)
  const [busy, setBusy] = useState(false)
  const set = useCallback((check: Check, result: Result, more: Partial<Checks> = {}) => {
    setChecks((now) => ({ ...now, ...more, results: { ...now.results, [check]: result } }))
  }, [])
  const say = useCallback((on: boolean) => live.store.everywhere((state) => onDuty(state, on)), [live])

  const ring = useCallback(async () => {
    set('sound', 'wait')
    const sound = await bell.unlock()
    bell.test()
    set('sound', sound === 'running' ? 'ok' : 'fault')
  }, [set])

  const register = useCallback(
    async (locating: Promise<Fix | null>) => {
      try {
        const place = await Promise.race([locating, later(WAIT_FOR_PLACE_MS)])
        await putDuty(true, place)
        say(true)
        set('duty', 'ok', { problem: null })
        if (!place) void locating.then((late) => (late ? putDuty(true, late) : null)).catch(() => undefined)
      } catch (problem) {
        set('duty', 'fault', { problem })
      }
    },
    [say, set],
  )

  const start = useCallback(async () => {
    setBusy(true)
    setChecks({ ...NOTHING, results: ALL_WAIT })
    const ringing = ring()
    const locating = locate()
    void allowNotices().then((allowed) => set('notice', allowed ? 'ok' : 'fault'))
    void wakeLock.hold().then((awake) => set('awake', awake === 'held' ? 'ok' : 'fault'))
    void locating.then((place) => set('location', place ? 'ok' : 'fault', { accuracy: place?.accuracy ?? null }))
    await Promise.all([ringing, register(locating)])
    setBusy(false)
  }, [ring, register, set])

  const stop = useCallback(async () => {
    setBusy(true)
    try {
      await putDuty(false, null)
      say(false)
      setChecks(NOTHING)
      await wakeLock.release()
    } catch (problem) {
      set('duty', 'fault', { problem })
    }
    setBusy(false)
  }, [say, set])

  return { checks, busy, start, stop, ring }
}

export type DutyControl = ReturnType<typeof useDuty>

/** The server knows whether this person is on duty even when the snapshot did not say. */
export function useKnownDuty(duty: boolean | null, ready: boolean): void {
  const { live } = useField()
  useEffect(() => {
    if (duty !== null || !ready) return
    request<Duty>('/duty').then(
      ({ on }) => live.store.everywhere((state) => onDuty(state, on)),
      () => undefined,
    )
  }, [duty, ready, live])
}
