import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import type { JobNotice } from '../generated/console'
import type { Arrival, Decline, JobView, Support } from '../generated/http'
import { act, request } from '../kernel/api'
import { ACCOUNT } from '../kernel/session'
import { jobKnown } from '../kernel/state/field'
import { noticeOf, type Step, useField } from './live'

export type Trouble = 'support' | 'no-access' | 'not-found'
export type Ask = Trouble | 'ambulance' | 'give-back' | 'complete'

const keptAs = (job: string): string => `${ACCOUNT}.job.${job}`

/** As long as this tab lives, a reload without network still knows the way and the door. */
function keep(view: JobView): JobView {
  try {
    if (view.mine?.ended_at) sessionStorage.removeItem(keptAs(view.job))
    else sessionStorage.setItem(keptAs(view.job), JSON.stringify(view))
  } catch {
    // without storage a reload needs the network
  }
  return view
}

function kept(job: string): JobView | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(keptAs(job)) ?? 'null') as JobView | null) ?? undefined
  } catch {
    return undefined
  }
}

/** The answer to a step may be newer than what this screen has read. */
const newer = (one: JobView | undefined, other: JobView | undefined): JobView | undefined => (one && other && other.ver > one.ver ? other : (one ?? other))

/** The job as the server last told it; fetched again whenever the stream says it has changed. */
export function useJob(notice: JobNotice) {
  return useQuery({
    queryKey: ['job', notice.job, notice.ver],
    queryFn: async ({ signal }) => keep(await request<JobView>(`/jobs/${notice.job}`, { signal })),
    placeholderData: (before) => newer(before, kept(notice.job)),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** What came of a step is shown at once, and a refused one has the job read again. */
export function useAnswers(): void {
  const { live, outbox } = useField()
  const queries = useQueryClient()
  useEffect(
    () =>
      outbox.onDone(({ job }, answer) => {
        const view = answer as Partial<JobView> | null
        if (view?.job !== job || view.ver === undefined) return
        queries.setQueryData(['job', job, view.ver], keep(view as JobView))
        live.store.everywhere((state) => jobKnown(state, noticeOf(view as JobView, state.jobs[job]?.d.presses ?? 1)))
      }),
    [live, outbox, queries],
  )
  useEffect(() => {
    let refused = 0
    return outbox.subscribe(() => {
      const now = outbox.read().filter(({ state }) => state === 'refused').length
      if (now > refused) void queries.invalidateQueries({ queryKey: ['job'] })
      refused = now
    })
  }, [outbox, queries])
}

/** Steps are taken on at once and sent when the network allows; only giving back asks somebody at once. */
export function useJobControl(job: string) {
  const { outbox } = useField()
  const queries = useQueryClient()
  const [busy, setBusy] = useState<'give-back' | null>(null)
  const [tries, setTries] = useState(0)
  const [problem, setProblem] = useState<unknown>(null)

  const send = useCallback(
    async (what: Exclude<Step, 'complete'> | Trouble | 'check-in', body: Partial<Arrival & Support> = {}): Promise<boolean> => {
      await outbox.enqueue({ path: `/jobs/${job}/${what}`, body, job, what, urgent: what === 'support' })
      return true
    },
    [job, outbox],
  )

  /** Gives the accepted offer back, so that somebody else is asked at once. */
  const giveBack = useCallback(
    async (offer: string, reason: NonNullable<Decline['reason']>): Promise<boolean> => {
      setBusy('give-back')
      setProblem(null)
      try {
        await act(`/offers/${offer}/decline`, { body: { reason } satisfies Decline }, { waiting: setTries })
        await queries.invalidateQueries({ queryKey: ['job', job] })
        return true
      } catch (error) {
        setProblem(error)
        return false
      } finally {
        setBusy(null)
        setTries(0)
      }
    },
    [job, queries],
  )
  return { busy, tries, problem, send, giveBack }
}

export type JobControl = ReturnType<typeof useJobControl>
