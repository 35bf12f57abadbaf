import type { SeriesLine, ServiceLine } from '../../generated/http'
import { queryOf, usePagesOf } from '../../kernel/pages'
import { useOne } from '../api'

export const useCatalogue = (division: string) => useOne<{ items: ServiceLine[] }>(`/services${queryOf({ division })}`)
export const useSeries = () => usePagesOf<SeriesLine>('board', '/series', {}, 10_000)
