import type { FleetCount, FleetLine } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { useGoing } from './address'
import { useFleet } from './api'
import { useInWords } from './Indicators'
import { AsOf, Crumbs, Files, Meaning, Share, Sheet, Stale, Table, Waiting, wayOf } from './parts'

function Cells({ line }: { line: FleetCount }) {
  return (
    <>
      <td>{line.devices}</td>
      <td>
        <Share value={line.online_share} n={line.online} />
      </td>
      <td data-alert={line.silent_24h > 0}>{line.silent_24h}</td>
      <td data-alert={line.low_batt > 0}>{line.low_batt}</td>
      <td>
        <Share value={line.tested_share} n={line.tested_30d} />
      </td>
      <td data-alert={line.faults > 0}>{line.faults}</td>
    </>
  )
}

const COLUMNS = ['devices', 'online', 'silent24', 'lowBatt', 'tested', 'faults'] as const

interface LinesProps {
  by: 'areas' | 'models' | 'kinds'
  lines: readonly FleetLine[]
  total: FleetCount
}

function Lines({ by, lines, total }: LinesProps) {
  const speak = useSpeak()
  const going = useGoing()
  if (lines.length === 0) return null
  const name = (line: FleetLine) => (by === 'kinds' ? speak.word('deviceKind', line.key) : line.name)
  const foot = (
    <tr>
      <th scope="row">{speak('reports/total')}</th>
      <Cells line={total} />
    </tr>
  )
  return (
    <Table title={speak(`reports/fleetBy/${by}`)} head={[speak(`reports/fleetFirst/${by}`), ...COLUMNS.map((one) => speak(`reports/column/${one}`))]} foot={foot}>
      {lines.map((line) => (
        <tr key={line.key}>
          <th scope="row">{by === 'areas' && line.key.length < 12 ? <a href={going.here({ division: line.key })}>{name(line)}</a> : name(line)}</th>
          <Cells line={line} />
        </tr>
      ))}
    </Table>
  )
}

/** Whether the buttons would work: by area, by model, by kind. */
export function Fleet({ widest }: { widest: string }) {
  const speak = useSpeak()
  const say = useInWords()
  const { given } = useGoing()
  const { data: view, error } = useFleet(given)
  if (!view) return <Sheet title={speak('reportsPage/fleet')}><Waiting error={error} /></Sheet>
  return (
    <Sheet
      title={speak('reports/fleetOf', { name: view.name })}
      about={
        <>
          <Crumbs above={wayOf(view)} widest={widest} />
          <AsOf at={view.at} />
          <Meaning name={speak('reportsPage/fleet')}>{say(view.definition)}</Meaning>
        </>
      }
      actions={
        <>
          <a className="go" href="/devices" target="yinling-devices">
            {speak('reports/toDevices')}
          </a>
          <Files what="fleet" />
        </>
      }
    >
      <Stale error={error} />
      <Lines by="areas" lines={view.areas} total={view.total} />
      <Lines by="models" lines={view.models} total={view.total} />
      <Lines by="kinds" lines={view.kinds} total={view.total} />
    </Sheet>
  )
}
