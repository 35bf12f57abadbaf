import { useQuery } from '@tanstack/react-query'
import type { IncidentRecord, IncidentRow, IncidentView } from '../generated/http'
import { request } from '../kernel/api'
import type { Speak } from '../kernel/i18n'
import { useSettled } from '../kernel/settled'

const SETTLE_MS = 300

/** Earlier calls, devices, who could be reached and what was answered. */
export function useRecord(row: IncidentRow) {
  const settled = useSettled(row.ver, SETTLE_MS)
  return useQuery({
    queryKey: ['record', row.incident, settled],
    queryFn: ({ signal }) => request<IncidentRecord>(`/incidents/${encodeURIComponent(row.incident)}/record`, { signal }),
    placeholderData: (before) => before,
  })
}

/** The elder's own telephone is `elder`, a contact's the elder's id and the contact's place in the order. */
export const HERSELF = 'elder'
export const contactOf = (elder: string | undefined, ord: number): string => `${elder ?? ''}/${ord}`

/** Who was telephoned, by name where this page knows it. */
export function calleeName(view: IncidentView, callee: string, speak: Speak): string {
  if (callee === HERSELF) return view.elder?.name ?? speak('callee/elder')
  const contact = view.contacts.find(({ ord }) => contactOf(view.elder?.id, ord) === callee)
  return contact?.name ?? view.others_in_home.find(({ id }) => id === callee)?.name ?? callee
}
