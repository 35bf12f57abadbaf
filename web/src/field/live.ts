import { createContext, useContext, useMemo, useSyncExternalStore } from 'react'
import type { JobNotice, OfferNotice } from '../generated/console'
import type { Account, JobView } from '../generated/http'
import type { Live } from '../kernel/live'
import { useQueued } from '../kernel/outbox/browser'
import type { Outbox } from '../kernel/outbox/outbox'
import type { Queued } from '../kernel/outbox/types'
import type { FieldState, Told } from '../kernel/state/field'
import type { Held } from '../kernel/state/held'
import type { Item } from '../kernel/state/queue'
import { serverClock } from '../kernel/time'

export interface Field {
  live: Live<FieldState>
  account: Account
  outbox: Outbox
}

export const FieldContext = createContext<Field | null>(null)

export function useField(): Field {
  const field = useContext(FieldContext)
  if (!field) throw new Error('outside the field screen')
  return field
}

/** What has been pressed and not yet been answered, oldest first. */
export function useWaiting(job?: string): readonly Queued[] {
  const all = useQueued(useField().outbox)
  return useMemo(() => (job === undefined ? all : all.filter((one) => one.job === job)), [all, job])
}

export interface FieldView {
  offers: Item<OfferNotice>[]
  jobs: Item<JobNotice>[]
  told: readonly Told[]
  duty: boolean | null
}

function items<T>(inbox: string, record: Readonly<Record<string, Held<T>>>): Item<T>[] {
  return Object.entries(record).map(([key, { d, at, unseen }]) => ({
    key,
    d,
    at,
    unseen: unseen.map((id) => ({ inbox, id })),
  }))
}

export function viewOf(states: ReturnType<Live<FieldState>['store']['read']>): FieldView {
  const all = [...states]
  return {
    offers: all
      .flatMap(([inbox, { state }]) => items(inbox, state.offers))
      .sort((a, b) => a.d.priority - b.d.priority || Date.parse(a.d.respond_by) - Date.parse(b.d.respond_by)),
    jobs: all.flatMap(([inbox, { state }]) => items(inbox, state.jobs)),
    told: all.flatMap(([, { state }]) => state.told),
    duty: all.map(([, { state }]) => state.duty).find((on) => on !== null) ?? null,
  }
}

export function useFieldView(): FieldView {
  const { store } = useField().live
  const states = useSyncExternalStore(store.subscribe, store.read)
  return useMemo(() => viewOf(states), [states])
}

export const stillOpen = (offer: OfferNotice): boolean => Date.parse(offer.respond_by) > serverClock.now()

const OVER = new Set(['completed', 'closed', 'stood_down', 'cancelled', 'withdrawn', 'replaced', 'released', 'declined'])

/** How this person's part ended, or null while it goes on. */
export function endOf(job: JobNotice): string | null {
  if (OVER.has(job.my_state)) return job.my_state
  return OVER.has(job.state) ? job.state : null
}

export function noticeOf(view: JobView, presses: number): JobNotice {
  const { job, incident, ver, state, mine } = view
  return { job, incident, ver, state, role: mine?.role ?? 'first', my_state: mine?.state ?? 'withdrawn', presses }
}

export const STEPS = ['depart', 'arrive', 'start', 'complete'] as const
export type Step = (typeof STEPS)[number]

const STAMPS = { depart: 'departed_at', arrive: 'arrived_at', start: 'with_elder_at', complete: 'ended_at' } as const
const isStep = (what: string): what is Step => what in STAMPS

/** My part of the job as it will be when everything pressed here has been sent. */
export function foreseen(mine: JobView['mine'], waiting: readonly Queued[]): JobView['mine'] {
  if (!mine) return null
  return waiting.reduce((it, { what, at, state }) => {
    if (state === 'refused' || !isStep(what)) return it
    return { ...it, [STAMPS[what]]: it[STAMPS[what]] ?? at, ...(what === 'complete' ? { state: 'completed' } : {}) }
  }, mine)
}

/** The next thing to do, from what has been time-stamped. */
export function nextStep(mine: JobView['mine']): Step | null {
  if (!mine || mine.ended_at) return null
  if (mine.with_elder_at) return 'complete'
  if (mine.arrived_at) return 'start'
  return mine.departed_at ? 'arrive' : 'depart'
}
