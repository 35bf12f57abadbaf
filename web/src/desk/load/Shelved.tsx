import Button from '@mui/material/Button'
import type { IncidentRow, ShelfLine } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { levelOf } from '../../kernel/ring/pattern'
import type { Item } from '../../kernel/state/queue'
import { hourMinute } from '../../kernel/time'
import { LevelMark } from '../../ui/Marks'
import { useCommand } from '../commands'
import { useShelf } from './api'

interface LineProps {
  row: IncidentRow
  entry: ShelfLine | undefined
  choose: (incident: string) => void
}

function Line({ row, entry, choose }: LineProps) {
  const speak = useSpeak()
  const command = useCommand(row)
  return (
    <li className="row" data-level={levelOf(row.priority)}>
      <button type="button" className="open" data-row={row.incident} onClick={() => choose(row.incident)}>
        <span className="line">
          <LevelMark priority={row.priority} size={22} />
          <strong className="kind">{speak.word('kind', row.kind)}</strong>
          <span className="elder">{row.name_masked}</span>
        </span>
        <span className="line place">{row.place}</span>
        <span className="line small">
          {row.shelved_until && <span>{speak('shelf/until', { time: hourMinute(row.shelved_until, speak.lang) })}</span>}
          {entry && <span>{speak('shelf/by', { who: entry.by, reason: entry.reason })}</span>}
          {entry && entry.times > 1 && <span>{speak('shelf/times', { n: entry.times })}</span>}
        </span>
        {command.problem !== null && (
          <span role="alert" className="fault">
            {speak.problem(command.problem)}
          </span>
        )}
      </button>
      <Button variant="outlined" color="inherit" disabled={command.busy !== null} aria-label={speak('shelf/backOf', { place: row.place })} onClick={() => void command.send('unshelve')}>
        {speak('shelf/back')}
      </Button>
    </li>
  )
}

/** Everything that is put aside, with who did it and why, and when it comes back. */
export function Shelved({ rows, choose }: { rows: readonly Item<IncidentRow>[]; choose: (incident: string) => void }) {
  const speak = useSpeak()
  const { data } = useShelf(rows.length)
  if (rows.length === 0) return null
  const entryOf = (row: IncidentRow) =>
    data?.items.find(({ incident }) => incident === row.incident) ?? data?.items.find(({ device, kinds }) => row.faults.some((fault) => fault.device === device && kinds.includes(fault.kind)))
  return (
    <details className="shelf">
      <summary>
        {speak('shelf/list')} <span className="count">{rows.length}</span>
      </summary>
      <ul>
        {rows.map(({ key, d }) => (
          <Line key={key} row={d} entry={entryOf(d)} choose={choose} />
        ))}
      </ul>
    </details>
  )
}
