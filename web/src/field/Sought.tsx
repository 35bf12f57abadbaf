import { useQuery } from '@tanstack/react-query'
import type { EvidenceList, JobView } from '../generated/http'
import { API, request } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'

/** Who has left her home is looked for by her picture, as long as somebody is on the way. */
export function Sought({ view }: { view: JobView }) {
  const speak = useSpeak()
  const { data, error } = useQuery({
    queryKey: ['sought', view.job, view.ver],
    queryFn: ({ signal }) => request<EvidenceList>(`/jobs/${view.job}/evidence`, { signal }),
    enabled: view.kind === 'fence_exit',
    placeholderData: (before) => before,
  })
  const pictures = (data?.items ?? []).filter(({ kind }) => kind === 'person').reverse()
  if (error !== null && !data) return <p className="quiet pad">{speak('handin/fetchFailed')}</p>
  if (pictures.length === 0) return null
  return (
    <section aria-labelledby="sought">
      <h2 id="sought">{speak('handin/person')}</h2>
      {pictures.map(({ id }) => (
        <img key={id} className="sought" src={`${API}/evidence/${id}`} alt={speak('handin/person')} />
      ))}
    </section>
  )
}
