import type { ElderState } from '../../generated/http'

export interface Present {
  status: string
  since: string | null
  until: string | null
  source: string | null
  /** Said for a time that has not come. */
  coming: boolean
}

/** How she is at an instant, in ms; once a status is over she is at home. */
export function presentOf(it: ElderState, now: number): Present {
  const { status, status_from: from, status_until: until, status_source: source } = it
  if (until !== null && Date.parse(until) <= now) return { status: 'home', since: until, until: null, source: null, coming: false }
  if (from !== null && now < Date.parse(from)) return { status: 'home', since: null, until: null, source: null, coming: true }
  return { status, since: from, until, source, coming: false }
}

/** Where help goes instead of her home, if she stays elsewhere at that instant. */
export const staysAt = (it: ElderState, now: number): string | null =>
  it.temp_until !== null && Date.parse(it.temp_until) <= now ? null : it.temp_address
