import { useCallback, useEffect, useRef, useState } from 'react'
import type { Duty } from '../generated/http'
import { act, request } from '../kernel/api'
import { bell } from '../kernel/ring/bell'
import { onDuty } from '../kernel/state/field'
import { wakeLock } from '../kernel/wake'
import { useField } from './live'

export type Check = 'sound' | 'location' | 'awake' | 'duty'
export type Result = 'wait' | 'ok' | 'fault'
export interface Checks {
  results: Partial<Record<Check, Result>>
  accuracy: number | null
  problem: unknown
}

interface Place {
  lat: number
  lon: number
  accuracy: number
}

const LOCATE_MS = 8_000
const WAIT_FOR_PLACE_MS = 4_000

function locate(): Promise<Place | null> {
  return new Promise((done) => {
    if (!('geolocation' in navigator)) return done(null)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy }),
      () => done(null),
      { enableHighAccuracy: true, timeout: LOCATE_MS, maximumAge: 30_000 },
    )
  })
}

const putDuty = (on: boolean, place: Place | null) =>
  act<Duty>('/duty', { method: 'PUT', body: { on, lat: place?.lat ?? null, lon: place?.lon ?? null } })

const later = (ms: number) => new Promise<null>((done) => setTimeout(() => done(null), ms))

export function useDuty() {
  const { live } = useField()
  const [checks, setChecks] = useState<Checks>({ results: {}, accuracy: null, problem: null })
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
    async (locating: Promise<Place | null>) => {
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
    setChecks({ results: { sound: 'wait', location: 'wait', awake: 'wait', duty: 'wait' }, accuracy: null, problem: null })
    const ringing = ring()
    const locating = locate()
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
      setChecks({ results: {}, accuracy: null, problem: null })
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

const IDLE = { every: 60_000, moved: 50, latest: 300_000 }
const GOING = { every: 10_000, moved: 15, latest: 60_000 }

function metres(a: Place, b: Place): number {
  const north = (b.lat - a.lat) * 111_320
  const east = (b.lon - a.lon) * 111_320 * Math.cos((a.lat * Math.PI) / 180)
  return Math.hypot(north, east)
}

export function worthTelling(last: { at: number; place: Place } | null, now: number, place: Place, going: boolean): boolean {
  if (!last) return true
  const rule = going ? GOING : IDLE
  const age = now - last.at
  return age >= rule.latest || (age >= rule.every && metres(last.place, place) >= rule.moved)
}

/** While on duty the server is told where this person is: rarely when idle, often on the way. */
export function usePosition(on: boolean, going: boolean): void {
  const last = useRef<{ at: number; place: Place } | null>(null)
  useEffect(() => {
    if (!on || !('geolocation' in navigator)) return
    const tell = ({ coords }: GeolocationPosition) => {
      const place = { lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy }
      if (!worthTelling(last.current, Date.now(), place, going)) return
      last.current = { at: Date.now(), place }
      void putDuty(true, place).catch(() => undefined)
    }
    const watch = navigator.geolocation.watchPosition(tell, () => undefined, { enableHighAccuracy: going, maximumAge: 10_000 })
    return () => navigator.geolocation.clearWatch(watch)
  }, [on, going])
}
