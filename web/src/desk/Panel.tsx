import Button from '@mui/material/Button'
import { useEffect, useRef } from 'react'
import type { IncidentRow, IncidentView } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { levelOf } from '../kernel/ring/pattern'
import { stuck, unanswered } from '../kernel/state/queue'
import { Notice } from '../ui/Banners'
import { Glyph, LevelMark, Tag } from '../ui/Marks'
import { Clock, Elapsed, useLeft } from '../ui/Times'
import { clockTime, elapsed } from '../kernel/time'
import { Actions, EndedActions } from './Actions'
import { type Command, useCommand, useIncident } from './commands'
import { Evidence } from './Evidence'
import { Guided } from './Guided'
import { Handoffs } from './Handoffs'
import { useDesk } from './live'
import { Messages } from './Messages'
import { Asked, Going } from './Responders'
import { Calls, Elder, Home, Others } from './People'
import { Record } from './Record'
import { Trouble } from './Row'
import { Timeline } from './Timeline'

function Due({ at, seeking }: { at: string; seeking: boolean }) {
  const speak = useSpeak()
  const left = useLeft(at)
  if (left === 0) return seeking ? <span>{speak('panel/overdue')}</span> : null
  return <span aria-live="off">{speak(seeking ? 'panel/nextDue' : 'panel/nextLook', { time: elapsed(left * 1000) })}</span>
}

function Flags({ row }: { row: IncidentRow }) {
  const speak = useSpeak()
  return (
    <p className="flags">
      <Trouble row={row} />
      {row.drill && <Tag tone="drill">{speak('app/drillLong')}</Tag>}
      {row.presses > 1 && <Tag tone="alert">{speak('desk/presses', { n: row.presses })}</Tag>}
      {stuck(row) && <Tag tone="alert">{speak.word('jobState', row.job_state)}</Tag>}
      {unanswered(row) && <Tag tone="alert">{speak('desk/nobody')}</Tag>}
      {row.rung > 0 && <Tag tone="warn">{speak('desk/rung', { n: row.rung })}</Tag>}
      {row.flags.map((flag) => (
        <Tag key={flag} tone="warn">
          {speak('flag/title')} · {speak.word('flag', flag)}
        </Tag>
      ))}
      {row.cls === 'relayed' && <Tag>{speak.word('cls', row.cls)}</Tag>}
      {row.linked_to && <Tag>{speak('desk/linked', { id: row.linked_to })}</Tag>}
    </p>
  )
}

function Head({ row, name, ended }: { row: IncidentRow; name: string; ended: string | null }) {
  const speak = useSpeak()
  const { account } = useDesk()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [row.incident])
  const holder = row.holder_account === account.id ? speak('desk/mine') : row.holder ? speak('desk/by', { who: row.holder }) : ''
  return (
    <header className="head" data-level={levelOf(row.priority)}>
      <div className="title">
        <LevelMark priority={row.priority} size={34} />
        <h1 ref={heading} tabIndex={-1}>
          {[speak.word('kind', row.kind), name].filter(Boolean).join(' · ')}
        </h1>
        {ended ? null : <Elapsed since={row.opened_at} className="timer" />}
      </div>
      <p className="place">{row.place}</p>
      <p className="small">
        <strong>{speak.word('incidentState', row.state)}</strong>
        {holder && <span>{holder}</span>}
        <span>{speak('desk/opened', { time: clockTime(row.opened_at, speak.lang) })}</span>
        {!ended && row.next_due && <Due at={row.next_due} seeking={row.going.length === 0 && row.state !== 'resolved'} />}
        <span>{row.incident}</span>
      </p>
      <Flags row={row} />
    </header>
  )
}

function Ending({ view }: { view: IncidentView }) {
  const speak = useSpeak()
  if (!view.closed_at) return null
  return (
    <dl className="ending">
      <div>
        <dt>{speak('panel/outcome')}</dt>
        <dd>{speak.word('outcome', view.outcome) || speak('panel/notSaid')}</dd>
      </div>
      <div>
        <dt>{speak('panel/evidence')}</dt>
        <dd>{[speak.word('evidence', view.evidence), view.evidence_by].filter(Boolean).join(' · ') || speak('panel/notSaid')}</dd>
      </div>
      <div>
        <dt>{speak('panel/closedAt')}</dt>
        <dd>
          <Clock at={view.closed_at} />
        </dd>
      </div>
    </dl>
  )
}

function CommandTrouble({ command }: { command: Command }) {
  const speak = useSpeak()
  return (
    <>
      {command.tries > 0 && <Notice tone="warn" title={speak('common/tryingAgain', { n: command.tries })} />}
      {command.problem !== null && (
        <Notice
          tone="warn"
          title={speak.problem(command.problem)}
          action={
            <Button variant="outlined" color="inherit" onClick={command.clear}>
              {speak('common/know')}
            </Button>
          }
        />
      )}
    </>
  )
}

interface BodyProps {
  view: IncidentView
  row: IncidentRow
  command: Command
  choose: (incident: string) => void
}

function Body({ view, row, command, choose }: BodyProps) {
  const open = view.closed_at === null
  return (
    <div className="columns">
      <div>
        <Elder view={view} command={command} open={open} row={row} />
        <Home view={view} />
        <Others view={view} row={row} command={command} open={open} />
        <Calls view={view} />
      </div>
      <div>
        {open && !row.drill && <Handoffs row={row} command={command} />}
        {open && ABOUT_SOMEBODY.has(row.kind) && <Guided row={row} command={command} />}
        <Going view={view} row={row} command={command} open={open} />
        <Asked view={view} command={command} open={open} />
        <Evidence incident={row.incident} ver={row.ver} missing={row.kind === 'fence_exit'} />
        <Messages row={row} />
        <Timeline view={view} />
        <Record row={row} open={choose} />
      </div>
    </div>
  )
}

interface PanelProps {
  incident: string
  /** The row of the queue, newer than what was fetched; null when it is no longer there. */
  row: IncidentRow | null
  back: () => void
  choose: (incident: string) => void
}

/** Kinds in which somebody may be asked on the telephone how things are. */
const ABOUT_SOMEBODY = new Set(['sos', 'sos_unknown', 'fall', 'vital', 'inactivity', 'fence_exit', 'smoke', 'gas', 'water'])

export function Panel({ incident, row: live, back, choose }: PanelProps) {
  const speak = useSpeak()
  const { data: view, error, refetch } = useIncident(incident, live?.ver ?? -1)
  const row = live && (!view || live.ver >= view.row.ver) ? live : (view?.row ?? null)
  const command = useCommand(row ?? EMPTY_ROW)
  const ended = view?.closed_at ?? null
  return (
    <section className="sheet panel" aria-label={incident}>
      <Button className="back" color="inherit" startIcon={<Glyph name="back" />} onClick={back}>
        {speak('desk/toQueue')}
      </Button>
      {row && <Head row={row} name={view?.elder?.name ?? row.name_masked} ended={ended} />}
      {row && !ended && <Actions row={row} view={view ?? null} command={command} />}
      {row && ended && <EndedActions row={row} view={view ?? null} command={command} />}
      <CommandTrouble command={command} />
      {error !== null && (
        <Notice
          tone="warn"
          title={speak('panel/loadFailed')}
          action={
            <Button variant="outlined" color="inherit" onClick={() => void refetch()}>
              {speak('common/retry')}
            </Button>
          }
        >
          {speak.problem(error)}
        </Notice>
      )}
      {!view && error === null && <p className="quiet pad">{speak('common/loading')}</p>}
      {view && <Ending view={view} />}
      {view && row && <Body view={view} row={row} command={command} choose={choose} />}
    </section>
  )
}

const EMPTY_ROW = { incident: '', ver: 0 } as IncidentRow
