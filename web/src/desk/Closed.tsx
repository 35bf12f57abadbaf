import Button from '@mui/material/Button'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { PageOfIncidentRow } from '../generated/http'
import { request } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { levelOf } from '../kernel/ring/pattern'
import { LevelMark, Tag } from '../ui/Marks'
import { Clock } from '../ui/Times'

function useClosed() {
  return useInfiniteQuery({
    queryKey: ['closed'],
    queryFn: ({ pageParam, signal }) => request<PageOfIncidentRow>(`/incidents?state=closed${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    refetchOnMount: 'always',
  })
}

export function Closed({ selected, choose }: { selected: string | null; choose: (incident: string) => void }) {
  const speak = useSpeak()
  const { data, error, hasNextPage, fetchNextPage, isPending } = useClosed()
  const rows = data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <nav className="queue" aria-label={speak('desk/closed')}>
      {isPending && <p className="quiet empty">{speak('common/loading')}</p>}
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {!isPending && rows.length === 0 && <p className="quiet empty">{speak('desk/noneClosed')}</p>}
      <ul>
        {rows.map((row) => (
          <li key={row.incident} className="row" data-level={levelOf(row.priority)} data-selected={row.incident === selected}>
            <button type="button" className="open" onClick={() => choose(row.incident)}>
              <span className="line">
                <LevelMark priority={row.priority} size={22} />
                <strong className="kind">{speak.word('kind', row.kind)}</strong>
                <span className="elder">{row.name_masked}</span>
                <span className="timer">
                  <Clock at={row.opened_at} />
                </span>
              </span>
              <span className="line place">{row.place}</span>
              <span className="line small">
                {speak.word('incidentState', row.state)}
                {row.drill && <Tag tone="drill">{speak('desk/drillRow')}</Tag>}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button fullWidth color="inherit" onClick={() => void fetchNextPage()}>
          {speak('common/more')}
        </Button>
      )}
    </nav>
  )
}
