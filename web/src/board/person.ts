import type { Mark, PersonLine } from '../generated/http'

export type PersonState = PersonLine['state']

/** In the order in which a village reads them. */
export const STATES: readonly PersonState[] = ['not_reached', 'safe', 'needs_transfer', 'refused', 'transferred', 'sheltered', 'home', 'missing']

/** Nobody need think of them any more when the event ends. */
export const SETTLED: ReadonlySet<PersonState> = new Set(['safe', 'home'])

const ELSEWHERE: ReadonlySet<PersonState> = new Set(['transferred', 'sheltered'])

/** What a state must be told with. */
export function wantsOf(state: PersonState | null): { place: boolean; with: boolean; note: boolean } {
  const elsewhere = state !== null && ELSEWHERE.has(state)
  return { place: elsewhere, with: state === 'transferred', note: state === 'not_reached' }
}

/** Whether what was filled in can be sent. */
export function complete({ state, call, place, with_whom, note }: Mark): boolean {
  const wants = wantsOf(state ?? null)
  if (!state && !call) return false
  return !(wants.place && !place?.trim()) && !(wants.with && !with_whom?.trim()) && !(wants.note && !note?.trim())
}
