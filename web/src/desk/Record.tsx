import type { IncidentRow, PastIncident, RecordDevice } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { LevelMark, Tag } from '../ui/Marks'
import { ago, day } from './ago'
import { useRecord } from './history'

const LOW = 0.2

function Thing({ one }: { one: RecordDevice }) {
  const speak = useSpeak()
  const reports = one.online === null ? 'unknown' : one.online ? 'online' : 'offline'
  const told = [
    one.seen_at ? speak('record/seen', { time: ago(one.seen_at, speak) }) : '',
    one.pressed_at ? speak('record/pressed', { time: day(one.pressed_at, speak) }) : '',
    one.tested_at ? speak('record/tested', { time: day(one.tested_at, speak) }) : speak('record/never'),
  ]
  return (
    <li className="thing">
      <a href={`/devices#devices/${encodeURIComponent(one.device)}`} target="yinling-devices">
        {speak.word('thingKind', one.kind)} {one.model}
      </a>{' '}
      <Tag tone={reports === 'online' ? 'good' : 'warn'}>{speak(`record/${reports}`)}</Tag>{' '}
      {one.batt !== null && <Tag tone={one.batt < LOW ? 'warn' : 'plain'}>{speak('record/batt', { n: Math.round(one.batt * 100) })}</Tag>}{' '}
      {one.faults.map((fault) => (
        <Tag key={fault} tone="warn">
          {speak.word('kind', fault)}
        </Tag>
      ))}
      <span className="small quiet block">{told.filter(Boolean).join(' · ')}</span>
    </li>
  )
}

function Past({ one, open }: { one: PastIncident; open: (incident: string) => void }) {
  const speak = useSpeak()
  return (
    <li>
      <button type="button" className="past" aria-label={`${speak('record/openPast', { id: one.incident })} ${speak.word('kind', one.kind)}`} onClick={() => open(one.incident)}>
        <LevelMark priority={one.priority} size={20} />
        <span>
          {day(one.opened_at, speak)} {speak.word('kind', one.kind)} · {speak.word('outcome', one.outcome) || speak.word('incidentState', one.state)}
        </span>
        {one.drill && <Tag tone="drill">{speak('desk/drillRow')}</Tag>}
      </button>
    </li>
  )
}

/** 弹屏: whether her things can be relied upon, and what became of her earlier calls. */
export function Record({ row, open }: { row: IncidentRow; open: (incident: string) => void }) {
  const speak = useSpeak()
  const { data, error } = useRecord(row)
  if (error !== null) return <p className="quiet">{speak('record/failed')}</p>
  if (!data) return <p className="quiet">{speak('common/loading')}</p>
  return (
    <>
      <section aria-labelledby="p-devices">
        <h2 id="p-devices">{speak('record/devices')}</h2>
        {data.devices.length === 0 && <p className="quiet">{speak('record/noDevices')}</p>}
        <ul>
          {data.devices.map((one) => (
            <Thing key={one.device} one={one} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="p-past">
        <h2 id="p-past">{speak('record/title')}</h2>
        {data.past.length === 0 && <p className="quiet">{speak('record/none')}</p>}
        <ul>
          {data.past.map((one) => (
            <Past key={one.incident} one={one} open={open} />
          ))}
        </ul>
      </section>
    </>
  )
}
