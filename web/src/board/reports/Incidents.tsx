import Button from '@mui/material/Button'
import type { CountedIncident } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { LevelMark } from '../../ui/Marks'
import { Clock } from '../../ui/Times'
import { hashOf, useGoing } from './address'
import { useIncidents } from './api'
import { Filters } from './Filters'
import { AsOf, Seconds, Sheet, Stale, Table, Waiting } from './parts'
import { STAGES, stageOf } from './stages'

function Row({ one, stage }: { one: CountedIncident; stage: string }) {
  const speak = useSpeak()
  const going = useGoing()
  return (
    <tr data-incident={one.incident}>
      <th scope="row">
        <a href={going.to('replay', {}, one.incident)}>{one.incident}</a>
        <span className="small quiet block">
          <Clock at={one.recorded_at} />
        </span>
      </th>
      <td>
        <LevelMark priority={one.priority} size={20} /> {speak.word('kind', one.kind)}
      </td>
      <td>
        {one.name_masked} <span className="quiet block">{one.place ?? one.division}</span>
      </td>
      <td>{one.responder_masked ?? '—'}</td>
      {STAGES.map((name) => (
        <td key={name} data-selected={name === stage}>
          <Seconds value={one.seconds[name]} />
        </td>
      ))}
      <td>{speak.word('outcome', one.outcome) || speak.word('incidentState', one.state)}</td>
    </tr>
  )
}

/** Every incident behind a figure; each opens its replay. */
export function Incidents() {
  const speak = useSpeak()
  const going = useGoing()
  const { given } = going
  const { items, first, error, isPending, hasNextPage, fetchNextPage } = useIncidents(given)
  const late = given['late'] !== undefined
  const title = speak(late ? 'reports/lateTitle' : 'reports/listTitle', { n: first?.n ?? '…', stage: speak.word('reportStage', stageOf(given['stage'])) })
  const { late: _, value: __, ...back } = given
  const head = [
    ...(['incident', 'kind', 'person', 'responder'] as const).map((one) => speak(`reports/column/${one}`)),
    ...STAGES.map((one) => speak.word('reportStage', one)),
    speak('reports/column/outcome'),
  ]
  return (
    <Sheet
      title={title}
      about={
        <>
          <a href={hashOf({ page: 'times', item: null, given: back })}>{speak('reports/backTo', { page: speak('reportsPage/times') })}</a>
          {first && <AsOf at={first.as_of} />}
        </>
      }
    >
      <Stale error={items.length > 0 ? error : null} />
      <Filters grouping={false} />
      {(isPending || (error !== null && items.length === 0)) && <Waiting error={error} />}
      {!isPending && error === null && items.length === 0 && <p className="quiet">{speak('reports/noIncidents')}</p>}
      {items.length > 0 && (
        <Table title={title} head={head} hideTitle>
          {items.map((one) => (
            <Row key={one.incident} one={one} stage={given['stage'] ?? ''} />
          ))}
        </Table>
      )}
      {hasNextPage && (
        <Button variant="outlined" color="inherit" onClick={() => void fetchNextPage()}>
          {speak('common/more')}
        </Button>
      )}
    </Sheet>
  )
}
