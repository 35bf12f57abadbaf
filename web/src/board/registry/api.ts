import type { Card, DueLine, ElderLine, ElderRecord, ElderState, ExportLine, ImportLine, ResponderLine, ResponderView } from '../../generated/http'
import { queryOf, usePagesOf } from '../../kernel/pages'
import { useOne } from '../api'

const SLOW_MS = 30_000

export const elderPath = (elder: string, rest = ''): string => `/elders/${encodeURIComponent(elder)}${rest}`

export const useElders = (q: string) => usePagesOf<ElderLine>('board', '/elders', { q }, SLOW_MS)
export const useRecord = (elder: string) => useOne<ElderRecord>(elderPath(elder), SLOW_MS)
export const useWhereabouts = (elder: string) => useOne<ElderState>(elderPath(elder, '/status'), SLOW_MS)
export const useCard = (elder: string | null) => useOne<Card>(elder === null ? null : elderPath(elder, '/card'), SLOW_MS)
export const useDue = (what: 'contacts' | 'assessments') => usePagesOf<DueLine>('board', `/registry/due/${what}`, {}, SLOW_MS)
export const responderPath = (responder: string): string => `/responders/${encodeURIComponent(responder)}`
const FOUND = '20'
/** Nobody is asked for until something is typed. */
export const useResponders = (q: string) => useOne<{ items: ResponderLine[] }>(q === '' ? null : `/responders${queryOf({ q, limit: FOUND })}`, SLOW_MS)
export const useResponder = (responder: string) => useOne<ResponderView>(responderPath(responder), SLOW_MS)
export const useImports = () => usePagesOf<ImportLine>('board', '/imports', {}, SLOW_MS)
export const useExports = () => usePagesOf<ExportLine>('board', '/registry/exports', {}, SLOW_MS)
