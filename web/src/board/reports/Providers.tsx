import type { ProviderRank as Line } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { useGoing } from './address'
import { useProviders } from './api'
import { useInWords } from './Indicators'
import { AsOf, Crumbs, Files, Meaning, Seconds, Share, Sheet, Stale, Table, Waiting, wayOf } from './parts'
import { Period } from './Period'

function Declines({ line }: { line: Line }) {
  const speak = useSpeak()
  const reasons = Object.entries(line.declines).sort(([, a], [, b]) => b - a)
  return (
    <>
      {line.declined > 0 && <strong>{line.declined}</strong>}
      <span className="small quiet block">{reasons.map(([reason, n]) => `${speak.word('decline', reason)} ${n}`).join(speak('reports/and'))}</span>
      {line.silent > 0 && <span className="small quiet block">{speak('reports/silent', { n: line.silent })}</span>}
      {line.given_back > 0 && <span className="small quiet block">{speak('reports/givenBack', { n: line.given_back })}</span>}
    </>
  )
}

function Row({ line }: { line: Line }) {
  const speak = useSpeak()
  const going = useGoing()
  return (
    <tr>
      <td>{line.rank ?? '—'}</td>
      <th scope="row">
        <a href={going.to('times', { provider: line.provider })}>{line.name}</a>
      </th>
      <td>{line.offers}</td>
      <td>
        <Share value={line.acceptance} low={line.acceptance_low} high={line.acceptance_high} few={line.few} />
      </td>
      <td>
        <Declines line={line} />
      </td>
      <td>{line.arrivals}</td>
      <td>
        <Share value={line.late_share} low={line.late_low} high={line.late_high} few={line.late_share === null && line.arrivals > 0} />
      </td>
      <td>
        <Seconds value={line.door_p50_s} />
      </td>
      <td>
        <Seconds value={line.door_p90_s} />
      </td>
      <td>
        {line.visits}
        {line.unproved > 0 && <span className="small over block">{speak('reports/unproved', { n: line.unproved })}</span>}
      </td>
      <td data-alert={line.complaints > 0}>{line.complaints}</td>
    </tr>
  )
}

const COLUMNS = ['rank', 'provider', 'offers', 'acceptance', 'declines', 'arrivals', 'late', 'doorP50', 'doorP90', 'visits', 'complaints'] as const

/** Who comes when asked: ranked by what is certain of each, so that three lucky jobs do not stand above three hundred good ones. */
export function Providers({ widest }: { widest: string }) {
  const speak = useSpeak()
  const say = useInWords()
  const { given } = useGoing()
  const { data: view, error } = useProviders(given)
  if (!view) return <Sheet title={speak('reportsPage/providers')}><Waiting error={error} /></Sheet>
  return (
    <Sheet
      title={speak('reports/providersOf', { name: view.name })}
      about={
        <>
          <Crumbs above={wayOf(view)} widest={widest} />
          <AsOf at={view.as_of} />
          <Meaning name={speak('reportsPage/providers')}>{say(view.definition)}</Meaning>
        </>
      }
      actions={<Files what="providers" />}
    >
      <Stale error={error} />
      <Period since={view.since} until={view.until} />
      {view.items.length === 0 && <p className="quiet">{speak('reports/noProviders')}</p>}
      {view.items.length > 0 && (
        <Table title={speak('reports/ranked')} head={COLUMNS.map((one) => speak(`reports/column/${one}`))}>
          {view.items.map((line) => (
            <Row key={line.provider} line={line} />
          ))}
        </Table>
      )}
    </Sheet>
  )
}
