import { useEffect, useRef, useState } from 'react'
import type { IncidentReplay, ReplayStep } from '../../generated/http'

export const SPEEDS = [1, 10, 60] as const
export type Speed = (typeof SPEEDS)[number]
const TICK_MS = 100

/** Steps that have been reached at a moment, in seconds from the press. */
export const reachedAt = (steps: readonly ReplayStep[], s: number): number => steps.filter((step) => step.s <= s).length

/** How long the whole of it is; while it goes on, up to the last thing that happened. */
export function lengthOf({ steps, tracks, pressed_at, ended_at }: IncidentReplay): number {
  const ended = ended_at === null ? 0 : (Date.parse(ended_at) - Date.parse(pressed_at)) / 1000
  const points = tracks.flatMap(({ points: all }) => all.map(({ s }) => s))
  return Math.max(1, ended, ...steps.map(({ s }) => s), ...points)
}

/** A moment that moves on by itself while it plays; `passed` is told the steps that it passes. */
export function usePlaying(replay: IncidentReplay, passed: (steps: readonly ReplayStep[]) => void) {
  const first = Math.min(0, ...replay.steps.map(({ s }) => s))
  const last = lengthOf(replay)
  const [at, setAt] = useState(first)
  const [speed, setSpeed] = useState<Speed>(10)
  const [on, setOn] = useState(false)
  const now = useRef(at)
  now.current = at
  const told = useRef(passed)
  told.current = passed
  useEffect(() => {
    if (!on) return
    const timer = setInterval(() => {
      const next = Math.min(last, now.current + (speed * TICK_MS) / 1000)
      told.current(replay.steps.filter(({ s }) => s > now.current && s <= next))
      setAt(next)
      if (next >= last) setOn(false)
    }, TICK_MS)
    return () => clearInterval(timer)
  }, [on, speed, last, replay])
  const turn = () => {
    if (!on && at >= last) setAt(first)
    setOn(!on)
  }
  return { at, first, last, on, speed, setSpeed, turn, seek: setAt }
}
