import Button from '@mui/material/Button'
import { useState } from 'react'
import type { Breach, Breaches as View, Nudge } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { serverClock, useSecond } from '../../kernel/time'
import { LevelMark, Tag } from '../../ui/Marks'
import { Clock } from '../../ui/Times'
import { useGoing } from './address'
import { useBreaches, useCommand } from './api'
import { duration } from './figures'
import { AsOf, Crumbs, Files, Sheet, Stale, Waiting, wayOf } from './parts'
import { Reassign } from './Reassign'

/** How far past its target, counting on. */
function Over({ one }: { one: Breach }) {
  const speak = useSpeak()
  useSecond()
  const over = Math.max(0, (serverClock.now() - Date.parse(one.since)) / 1000 - one.target_s)
  return (
    <span className="over-by">
      <strong aria-live="off">{speak('reports/overBy', { time: duration(Math.round(over), speak) })}</strong>
      <span className="small quiet block">{speak('reports/shouldBe', { time: duration(one.target_s, speak) })}</span>
    </span>
  )
}

function Holder({ one }: { one: Breach }) {
  const speak = useSpeak()
  const { holder } = one
  return (
    <span className="small">
      {speak('reports/holder')} <strong>{holder.name_masked ?? speak('reports/nobody')}</strong> {one.nudged_at && <Tag>{speak('reports/nudged', { n: one.nudges })}</Tag>}
      {one.nudged_at && (
        <span className="quiet">
          {' '}
          <Clock at={one.nudged_at} />
        </span>
      )}
    </span>
  )
}

interface NudgesProps {
  one: Breach
  reassign: () => void
}

function Nudges({ one, reassign }: NudgesProps) {
  const speak = useSpeak()
  const going = useGoing()
  const command = useCommand()
  const nudge = (to: 'seat' | 'responder') => void command.send({ path: `/supervision/breaches/${encodeURIComponent(one.incident)}/nudge`, body: { to, text: '' } satisfies Nudge })
  const where = `${speak.word('kind', one.kind)} ${one.name_masked || one.place}`
  return (
    <div className="buttons">
      {one.holder.responder && (
        <Button variant="contained" disabled={command.busy !== null} aria-label={speak('reports/nudgeWho', { who: one.holder.name_masked ?? '', where })} onClick={() => nudge('responder')}>
          {speak('reports/nudgeResponder')}
        </Button>
      )}
      <Button variant={one.holder.responder ? 'outlined' : 'contained'} color={one.holder.responder ? 'inherit' : 'primary'} disabled={command.busy !== null} aria-label={speak('reports/nudgeSeatOf', { where })} onClick={() => nudge('seat')}>
        {speak('reports/nudgeSeat')}
      </Button>
      {one.order === null && (
        <>
          <Button variant="outlined" color="inherit" aria-label={speak('reports/reassignOf', { where })} onClick={reassign}>
            {speak('reports/reassign')}
          </Button>
          <Button color="inherit" href={going.to('replay', {}, one.incident)} aria-label={speak('reports/replayOf', { where })}>
            {speak('reports/replay')}
          </Button>
          <Button color="inherit" href={`/desk#${encodeURIComponent(one.incident)}`} target="yinling-desk" aria-label={speak('reports/deskOf', { where })}>
            {speak('reports/desk')}
          </Button>
        </>
      )}
      {one.order !== null && (
        <Button color="inherit" href={`/board#orders/${encodeURIComponent(one.order)}`} target="yinling-board">
          {speak('reports/order')}
        </Button>
      )}
      {command.problem !== null && (
        <p className="danger" role="alert">
          {speak.problem(command.problem)}
        </p>
      )}
    </div>
  )
}

function Row({ one }: { one: Breach }) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  return (
    <li className="breach" data-breach={one.incident}>
      <span className="line">
        <LevelMark priority={one.priority} size={22} />
        <strong>{speak.word('kind', one.kind)}</strong>
        <Tag tone="alert">{speak.word('breach', one.stage)}</Tag>
        <span>
          {[one.name_masked, one.place].filter(Boolean).join(' · ')} <span className="quiet">{one.division_name}</span>
        </span>
      </span>
      <Over one={one} />
      <Holder one={one} />
      <Nudges one={one} reassign={() => setAsking(true)} />
      {asking && <Reassign incident={one.incident} close={() => setAsking(false)} />}
    </li>
  )
}

function Stages({ view, chosen }: { view: View; chosen: string }) {
  const speak = useSpeak()
  const going = useGoing()
  const stages = [...new Set(view.items.map(({ stage }) => stage))]
  if (stages.length < 2) return null
  const count = (stage: string) => view.items.filter((one) => one.stage === stage).length
  return (
    <div className="filters" role="group" aria-label={speak('reports/byStage')}>
      <button type="button" aria-pressed={chosen === ''} onClick={() => going.set({ stage: '' })}>
        {speak('reports/all')} {view.items.length}
      </button>
      {stages.map((stage) => (
        <button key={stage} type="button" aria-pressed={chosen === stage} onClick={() => going.set({ stage })}>
          {speak.word('breach', stage)} {count(stage)}
        </button>
      ))}
    </div>
  )
}

/** Everything past its target: who holds it, and a ring for them in one click. */
export function Breaches({ widest }: { widest: string }) {
  const speak = useSpeak()
  const { given } = useGoing()
  const { data: view, error } = useBreaches(given)
  if (!view) return <Sheet title={speak('reportsPage/breaches')}><Waiting error={error} /></Sheet>
  const stage = given['stage'] ?? ''
  const items = view.items.filter((one) => stage === '' || one.stage === stage)
  return (
    <Sheet title={speak('reports/breachesOf', { name: view.name })} about={<><Crumbs above={wayOf(view)} widest={widest} /><AsOf at={view.at} /></>} actions={<Files what="breaches" />}>
      <Stale error={error} />
      <Stages view={view} chosen={stage} />
      {items.length === 0 && <p className="good-news">{speak('reports/noBreaches')}</p>}
      <ul className="breaches">
        {items.map((one) => (
          <Row key={`${one.incident} ${one.stage} ${one.assignment ?? ''}`} one={one} />
        ))}
      </ul>
      {view.more && <p className="quiet">{speak('reports/more')}</p>}
    </Sheet>
  )
}
