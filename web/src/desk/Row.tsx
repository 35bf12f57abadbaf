import { type CSSProperties, memo, type RefObject, useEffect, useRef, useState } from 'react'
import type { IncidentRow } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { levelOf } from '../kernel/ring/pattern'
import { deskSeen } from '../kernel/state/desk'
import { isWaiting, type Item, mayBeShelved, ringKey, stuck, unanswered } from '../kernel/state/queue'
import { hourMinute, serverClock, useSecond } from '../kernel/time'
import { useDrawn } from '../ui/drawn'
import { LevelMark, Tag } from '../ui/Marks'
import { Elapsed } from '../ui/Times'
import { useCommand } from './commands'
import { useDesk } from './live'
import { Share } from './load/Share'
import { Shelve } from './load/Shelve'

function Warnings({ row }: { row: IncidentRow }) {
  const speak = useSpeak()
  return (
    <>
      {row.drill && <Tag tone="drill">{speak('desk/drillRow')}</Tag>}
      {row.presses > 1 && <Tag tone="alert">{speak('desk/presses', { n: row.presses })}</Tag>}
      {stuck(row) && <Tag tone="alert">{speak.word('jobState', row.job_state)}</Tag>}
      {unanswered(row) && <Tag tone="alert">{speak('desk/nobody')}</Tag>}
      {row.rung > 0 && <Tag tone="warn">{speak('desk/rung', { n: row.rung })}</Tag>}
      {row.flags.length > 0 && (
        <Tag tone="warn" title={row.flags.map((flag) => speak.word('flag', flag)).join(' · ')}>
          {speak('flag/title')}
        </Tag>
      )}
      {row.cls === 'relayed' && <Tag title={speak.word('cls', row.cls)}>{speak('desk/relayed')}</Tag>}
    </>
  )
}

/** What is wrong with her things, how many are silent, and what the night or its length has made of it. */
export function Trouble({ row }: { row: IncidentRow }) {
  const speak = useSpeak()
  const kinds = new Set(row.faults.map(({ kind }) => kind).filter((kind) => kind !== row.kind))
  const later = row.asks_at && Date.parse(row.asks_at) > serverClock.now() ? row.asks_at : null
  return (
    <>
      {row.devices ? <span>{speak('desk/silent', { devices: row.devices, elders: row.elders ?? 0 })}</span> : null}
      {row.covered_at && <Tag tone="alert">{speak('desk/covered')}</Tag>}
      {later && <span>{speak('desk/asksAt', { time: hourMinute(later, speak.lang) })}</span>}
      {[...kinds].map((kind) => (
        <Tag key={kind} tone="warn">
          {speak.word('kind', kind)}
        </Tag>
      ))}
    </>
  )
}

function progress(row: IncidentRow, speak: ReturnType<typeof useSpeak>): string {
  if (row.going.length > 0) return speak('desk/going', { n: row.going.length })
  return row.asked > 0 ? speak('desk/asked', { n: row.asked }) : ''
}

function Holder({ row, mine }: { row: IncidentRow; mine: boolean }) {
  const speak = useSpeak()
  if (mine) return <strong>{speak('desk/mine')}</strong>
  return row.holder ? <span>{speak('desk/by', { who: row.holder })}</span> : null
}

function Claim({ row, open }: { row: IncidentRow; open: () => void }) {
  const speak = useSpeak()
  const command = useCommand(row)
  const claim = async () => {
    open()
    await command.send('claim')
  }
  return (
    <div className="claim">
      <button
        type="button"
        className="take"
        data-claim
        disabled={command.busy !== null}
        aria-label={`${speak('desk/claim')} ${speak.word('kind', row.kind)} ${row.name_masked}`}
        onClick={() => void claim()}
      >
        {speak('desk/claim')}
      </button>
      {command.problem !== null && (
        <span role="alert" className="fault">
          {speak.problem(command.problem)}
        </span>
      )}
    </div>
  )
}

const STEPS = 50

/** How far the time until the next step by itself has run; the words of it are with the incident. */
function Due({ since, until, inSight }: { since: string; until: string; inSight: boolean }) {
  useSecond(inSight)
  const whole = Date.parse(until) - Date.parse(since)
  const gone = whole > 0 ? Math.min(1, Math.max(0, (serverClock.now() - Date.parse(since)) / whole)) : 1
  return <span className="due" style={{ '--gone': Math.round(gone * STEPS) / STEPS } as CSSProperties} aria-hidden="true" />
}

/** Whether the browser lays the row out at present; five hundred counters would take every frame of a scroll. */
function useInSight(row: RefObject<HTMLElement | null>): boolean {
  const [inSight, setInSight] = useState(true)
  useEffect(() => {
    const place = row.current
    const turned = (event: Event) => setInSight(!(event as ContentVisibilityAutoStateChangeEvent).skipped)
    place?.addEventListener('contentvisibilityautostatechange', turned)
    return () => place?.removeEventListener('contentvisibilityautostatechange', turned)
  }, [row])
  return inSight
}

interface CaseProps {
  row: IncidentRow
  selected: boolean
  choose: (incident: string) => void
}

const Case = memo(function Case({ row, selected, choose }: CaseProps) {
  const speak = useSpeak()
  const { account } = useDesk()
  const place = useRef<HTMLLIElement>(null)
  const inSight = useInSight(place)
  const waiting = isWaiting(row)
  const open = () => choose(row.incident)
  return (
    <li ref={place} className="row" data-level={levelOf(row.priority)} data-waiting={waiting} data-selected={selected}>
      <button type="button" className="open" data-row={row.incident} aria-current={selected ? 'true' : undefined} onClick={open}>
        <span className="line">
          <LevelMark priority={row.priority} size={26} />
          <strong className="kind">{speak.word('kind', row.kind)}</strong>
          <span className="elder">{row.name_masked}</span>
          <Elapsed since={row.opened_at} className="timer" inSight={inSight} />
        </span>
        <span className="line place">{row.place}</span>
        <span className="line small">
          <span>{speak.word('incidentState', row.state)}</span>
          <Share incident={row.incident} />
          <Holder row={row} mine={row.holder_account === account.id} />
          <span>{progress(row, speak)}</span>
          <Trouble row={row} />
          <Warnings row={row} />
        </span>
      </button>
      {waiting && <Claim row={row} open={open} />}
      {mayBeShelved(row) && <Shelve row={row} />}
      {waiting && row.next_due && <Due since={row.opened_at} until={row.next_due} inSight={inSight} />}
    </li>
  )
})

interface RowProps extends Pick<CaseProps, 'selected' | 'choose'> {
  item: Item<IncidentRow>
}

/** That it was seen changes nothing in what it shows. */
export const Row = memo(function Row({ item, selected, choose }: RowProps) {
  const { live } = useDesk()
  useDrawn(live, item.unseen, ringKey(item.d), deskSeen)
  return <Case row={item.d} selected={selected} choose={choose} />
})
