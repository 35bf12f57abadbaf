import { useEffect, useRef } from 'react'
import type { JobNotice } from '../generated/console'
import type { LinkState } from '../kernel/live'
import { bell } from '../kernel/ring/bell'
import type { Item, Ringing } from '../kernel/state/queue'
import { useSecond } from '../kernel/time'
import { endOf, type FieldView, stillOpen } from './live'

const LOST_MS = 30_000

/** On duty and cut off for long: nobody can be rung here, and the one on duty should know. */
export function lost({ duty }: Pick<FieldView, 'duty'>, { link, since }: Pick<LinkState, 'link' | 'since'>, now: number): Ringing[] {
  return duty && link === 'down' && now - since > LOST_MS ? [{ key: `lost ${since}`, level: 4 }] : []
}

/** Rings for open offers, for a press after the job was taken, and for a lost connection; any touch silences. */
export function useRinging(view: FieldView, link: LinkState): void {
  const second = useSecond()
  const answered = useRef(new Map<string, number>())
  useEffect(() => {
    const offers: Ringing[] = view.offers.filter(({ d }) => stillOpen(d)).map(({ key, d }) => ({ key, level: d.drill ? 3 : d.priority }))
    const presses = view.jobs.filter(({ d }) => pressedAgain(answered.current, d))
    bell.want([...offers, ...presses.map(({ d }) => ({ key: `${d.job} ${d.presses}`, level: 2 })), ...lost(view, link, Date.now())])
  }, [view, link, second])
  useEffect(() => {
    const touch = () => bell.ringing && bell.hush()
    addEventListener('pointerdown', touch)
    addEventListener('keydown', touch)
    return () => {
      removeEventListener('pointerdown', touch)
      removeEventListener('keydown', touch)
    }
  }, [])
}

function pressedAgain(known: Map<string, number>, job: JobNotice): boolean {
  if (endOf(job)) return false
  const first = known.get(job.job) ?? job.presses
  known.set(job.job, first)
  return job.presses > first
}

/** One short stroke when a job this person is on ends without them. */
export function useEndChime(jobs: Item<JobNotice>[]): void {
  const active = useRef(new Set<string>())
  useEffect(() => {
    for (const { d } of jobs) {
      const end = endOf(d)
      if (!end) active.current.add(d.job)
      else if (active.current.delete(d.job) && end !== 'completed') bell.test()
    }
  }, [jobs])
}
