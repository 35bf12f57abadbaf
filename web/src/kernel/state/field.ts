import type { Ev, JobNotice, OfferClosed, OfferNotice } from '../../generated/console'
import type { Change } from '../stream/types'
import { fresh, type Held, mapRecord, seenOff, withEvent, without } from './held'
import { type Reminded, reminded } from './reminders'

export interface Told {
  key: string
  offer: string
  job: string
  why: string
  who: string | null
  elder: string
  place: string
}

export interface FieldState extends Reminded {
  offers: Readonly<Record<string, Held<OfferNotice>>>
  jobs: Readonly<Record<string, Held<JobNotice>>>
  /** Offers that ended without this person, to be told in words. */
  told: readonly Told[]
  duty: boolean | null
}

export const EMPTY_FIELD: FieldState = { offers: {}, jobs: {}, told: [], duty: null }

const TOLD_AT_MOST = 20
const OWN_DOING = new Set(['accepted', 'declined'])

export function reduceField(state: FieldState, change: Change): FieldState {
  const base = change.kind === 'snapshot' ? fromSnapshot(change.d, state) : state
  return change.events.reduce(applyEvent, base)
}

const list = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : [])

function fromSnapshot(d: Record<string, unknown>, before: FieldState): FieldState {
  const duty = d['duty'] as { on?: boolean } | undefined
  return {
    offers: Object.fromEntries(list<OfferNotice>(d['offers']).map((offer) => [offer.offer, fresh(offer)])),
    jobs: Object.fromEntries(list<JobNotice>(d['jobs']).map((job) => [job.job, fresh(job)])),
    told: before.told,
    duty: duty?.on ?? before.duty,
    reminders: before.reminders ?? [],
  }
}

function applyEvent(state: FieldState, ev: Ev): FieldState {
  switch (ev.type) {
    case 'job.offered':
      return offered(state, ev, ev.d as unknown as OfferNotice)
    case 'offer.closed':
      return closed(state, ev.d as unknown as OfferClosed)
    case 'job.updated':
      return updated(state, ev, ev.d as unknown as JobNotice)
    case 'breach.nudged':
      return reminded(state, ev)
    default:
      return state
  }
}

function offered(state: FieldState, ev: Ev, offer: OfferNotice): FieldState {
  const before = state.offers[offer.offer]
  if (before && before.d.ver >= offer.ver) return state
  return { ...state, offers: { ...state.offers, [offer.offer]: withEvent(offer, ev, before?.unseen) } }
}

function closed(state: FieldState, end: OfferClosed): FieldState {
  const offer = state.offers[end.offer]
  const offers = without(state.offers, end.offer)
  if (!offer || OWN_DOING.has(end.why) || end.job in state.jobs) return offers === state.offers ? state : { ...state, offers }
  return { ...state, offers, told: tell(state.told, toldOf(offer.d, end.why, end.who ?? null)) }
}

export function toldOf(offer: OfferNotice, why: string, who: string | null): Told {
  const { name_masked: elder } = offer.elder
  return { key: `${offer.offer} ${why}`, offer: offer.offer, job: offer.job, why, who, elder, place: offer.place }
}

const tell = (told: readonly Told[], one: Told): readonly Told[] =>
  [...told.filter(({ offer }) => offer !== one.offer), one].slice(-TOLD_AT_MOST)

function updated(state: FieldState, ev: Ev, job: JobNotice): FieldState {
  const before = state.jobs[job.job]
  if (before && before.d.ver >= job.ver) return state
  return { ...state, told: notOf(state.told, job.job), jobs: { ...state.jobs, [job.job]: withEvent(job, ev, before?.unseen) } }
}

// An accept that crossed a withdrawal is kept as backup: then nothing was lost.
function notOf(told: readonly Told[], job: string): readonly Told[] {
  return told.some((one) => one.job === job) ? told.filter((one) => one.job !== job) : told
}

export function fieldSeen(state: FieldState, ids: ReadonlySet<string>): FieldState {
  const offers = mapRecord(state.offers, (held) => seenOff(held, ids))
  const jobs = mapRecord(state.jobs, (held) => seenOff(held, ids))
  return offers === state.offers && jobs === state.jobs ? state : { ...state, offers, jobs }
}

/** The offer is answered or over on this screen, whatever the stream says later. */
export function offerDone(state: FieldState, offer: string, told: Told | null = null): FieldState {
  if (!(offer in state.offers) && !told) return state
  return { ...state, offers: without(state.offers, offer), told: told ? tell(state.told, told) : state.told }
}

export const toldRead = (state: FieldState, key: string): FieldState => {
  const told = state.told.filter((one) => one.key !== key)
  return told.length === state.told.length ? state : { ...state, told }
}

/** A job the server answered may be newer than the stream. */
export function jobKnown(state: FieldState, job: JobNotice): FieldState {
  const before = state.jobs[job.job]
  if (before && before.d.ver >= job.ver) return state
  return { ...state, told: notOf(state.told, job.job), jobs: { ...state.jobs, [job.job]: { ...(before ?? fresh(job)), d: job } } }
}

export const jobPutAway = (state: FieldState, job: string): FieldState => ({ ...state, jobs: without(state.jobs, job) })

export const onDuty = (state: FieldState, duty: boolean): FieldState =>
  state.duty === duty ? state : { ...state, duty }
