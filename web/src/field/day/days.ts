import { useQuery } from '@tanstack/react-query'
import type { MyJob, MyJobs, MyVisits } from '../../generated/http'
import { request } from '../../kernel/api'
import { chinaDay, serverClock } from '../../kernel/time'

const OFTEN_MS = 60_000
export const DAYS = 30

export const useMyJobs = () =>
  useQuery({ queryKey: ['my-jobs'], queryFn: ({ signal }) => request<MyJobs>(`/me/jobs?days=${DAYS}`, { signal }), staleTime: OFTEN_MS, refetchInterval: OFTEN_MS })

export const useMyVisits = () =>
  useQuery({ queryKey: ['my-visits'], queryFn: ({ signal }) => request<MyVisits>('/me/visits', { signal }), staleTime: OFTEN_MS, refetchInterval: OFTEN_MS })

const dayOf = (iso: string): string => chinaDay(Date.parse(iso))

/** Jobs under the day on which they were accepted, by the clock on the wall; newest first, as they come. */
export function byDay(jobs: readonly MyJob[]): [string, MyJob[]][] {
  const days = new Map<string, MyJob[]>()
  for (const job of jobs) days.set(dayOf(job.accepted_at), [...(days.get(dayOf(job.accepted_at)) ?? []), job])
  return [...days]
}

export const ofToday = (jobs: readonly MyJob[]): MyJob[] => jobs.filter((job) => dayOf(job.accepted_at) === chinaDay(serverClock.now()))

/** Mean of ratings given as counts of one to five stars; null where nobody has rated. */
export function meanStars(stars: readonly number[]): { n: number; mean: number } | null {
  const n = stars.reduce((sum, many) => sum + many, 0)
  const points = stars.reduce((sum, many, at) => sum + many * (at + 1), 0)
  return n === 0 ? null : { n, mean: Math.round((points / n) * 10) / 10 }
}
