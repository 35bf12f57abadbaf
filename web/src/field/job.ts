import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { JobNotice } from '../generated/console'
import type { Decline, JobView } from '../generated/http'
import { act, ApiError, request } from '../kernel/api'
import { jobKnown } from '../kernel/state/field'
import { noticeOf, type Step, useField } from './live'

export type Trouble = 'support' | 'no-access' | 'not-found'
export type Ask = Trouble | 'give-back' | 'complete'

const PATIENCE_MS = 30 * 60_000

/** The job as the server last told it; fetched again whenever the stream says it has changed. */
export function useJob(notice: JobNotice) {
  return useQuery({
    queryKey: ['job', notice.job, notice.ver],
    queryFn: ({ signal }) => request<JobView>(`/jobs/${notice.job}`, { signal }),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Steps are pressed where the network is bad, so they are tried for long under one key. */
export function useJobControl(notice: JobNotice) {
  const { live } = useField()
  const queries = useQueryClient()
  const [busy, setBusy] = useState<Step | Ask | null>(null)
  const [tries, setTries] = useState(0)
  const [problem, setProblem] = useState<unknown>(null)
  const { job, presses } = notice

  const send = useCallback(
    async (what: Step | Trouble, body: unknown): Promise<boolean> => {
      setBusy(what)
      setProblem(null)
      setTries(0)
      try {
        const patience = { waiting: setTries, until: Date.now() + PATIENCE_MS }
        const view = await act<JobView>(`/jobs/${job}/${what}`, { body }, patience)
        queries.setQueryData(['job', job, view.ver], view)
        live.store.everywhere((state) => jobKnown(state, noticeOf(view, presses)))
        return true
      } catch (error) {
        setProblem(error)
        if (error instanceof ApiError) await queries.invalidateQueries({ queryKey: ['job', job] })
        return false
      } finally {
        setBusy(null)
        setTries(0)
      }
    },
    [job, presses, live, queries],
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

/** Opens the map installed on the phone; the maps convert WGS-84 themselves when told so. */
export function mapLink(lat: number, lon: number, name: string, agent: string): string {
  const place = encodeURIComponent(name)
  if (/iPhone|iPad/.test(agent)) return `iosamap://path?sourceApplication=yinling&dlat=${lat}&dlon=${lon}&dname=${place}&dev=1&t=2`
  if (/Android/.test(agent)) return `androidamap://route/plan/?sourceApplication=yinling&dlat=${lat}&dlon=${lon}&dname=${place}&dev=1&t=2`
  return `geo:${lat},${lon}?q=${lat},${lon}(${place})`
}
