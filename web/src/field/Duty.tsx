import Button from '@mui/material/Button'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { DutyState } from '../generated/http'
import { request } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import type { LinkState } from '../kernel/live'
import { bell } from '../kernel/ring/bell'
import { hourMinute } from '../kernel/time'
import { useSound } from '../ui/Banners'
import { BellMark, Glyph } from '../ui/Marks'
import { useLeft } from '../ui/Times'
import type { Check, Checks, DutyControl, Result } from './duty'

type Row = Check | 'line'

interface LineProps {
  name: Row
  result: Result
  words: string
}

function CheckLine({ name, result, words }: LineProps) {
  const speak = useSpeak()
  const glyph = { ok: 'tick', fault: 'warn', wait: 'wait' } as const
  return (
    <li data-result={result}>
      <Glyph name={glyph[result]} size={24} />
      <div>
        <strong>{speak(`field/check/${name}`)}</strong>
        <span>{words}</span>
      </div>
    </li>
  )
}

function useWords(checks: Checks) {
  const speak = useSpeak()
  const sound = useSound()
  return (name: Row, result: Result): string => {
    if (result === 'wait') return speak('field/wait')
    if (result === 'ok') return speak(`field/ok/${name}`, { n: Math.max(1, Math.round(checks.accuracy ?? 0)) })
    if (name === 'sound' && sound === 'none') return speak('field/fix/soundNone')
    return speak(`field/fix/${name}`, { why: checks.problem === null ? '' : speak.problem(checks.problem) })
  }
}

export function CheckList({ checks, link }: { checks: Checks; link: LinkState }) {
  const speak = useSpeak()
  const sound = useSound()
  const words = useWords(checks)
  const connected = link.link === 'live' || link.link === 'polling'
  const rows: [Row, Result | undefined][] = [
    ['sound', checks.results.sound && (sound === 'running' ? 'ok' : checks.results.sound)],
    ['notice', checks.results.notice],
    ['location', checks.results.location],
    ['awake', checks.results.awake],
    ['line', connected ? 'ok' : link.link === 'down' ? 'fault' : 'wait'],
    ['duty', checks.results.duty],
  ]
  return (
    <ul className="checks" aria-label={speak('field/checks')} aria-live="polite">
      {rows.map(([name, result]) => result && <CheckLine key={name} name={name} result={result} words={words(name, result)} />)}
    </ul>
  )
}

const SOON_S = 900
const SELDOM_MS = 600_000

/** A planned shift counts without a tap, and its end ends nothing that was tapped: both are said in time. */
function Shift({ on }: { on: boolean }) {
  const { data } = useQuery({ queryKey: ['duty', on], queryFn: ({ signal }) => request<DutyState>('/duty', { signal }), staleTime: SELDOM_MS, refetchInterval: SELDOM_MS })
  return data?.shift_until ? <ShiftLine key={data.shift_until} until={data.shift_until} on={on} /> : null
}

function ShiftLine({ until, on }: { until: string; on: boolean }) {
  const speak = useSpeak()
  const left = useLeft(until)
  const soon = on && left <= SOON_S
  useEffect(() => void (soon && bell.test()), [soon])
  const time = hourMinute(until, speak.lang)
  const words = () => {
    if (left === 0) return speak(on ? 'shift/over' : 'shift/done', { time })
    return speak(soon ? 'shift/soon' : on ? 'shift/on' : 'shift/off', { time, n: Math.ceil(left / 60) })
  }
  return (
    <p className="shift" data-soon={soon} role="status">
      <Glyph name={soon ? 'warn' : 'wait'} size={20} /> {words()}
    </p>
  )
}

export function OffDuty({ duty, link }: { duty: DutyControl; link: LinkState }) {
  const speak = useSpeak()
  const started = Object.keys(duty.checks.results).length > 0
  return (
    <section className="calm">
      <BellMark size={104} />
      <h1>{speak('field/offDuty')}</h1>
      <p className="quiet">{speak('field/startHint')}</p>
      <Shift on={false} />
      {started && <CheckList checks={duty.checks} link={link} />}
      <Button className="primary" variant="contained" fullWidth disabled={duty.busy} onClick={() => void duty.start()}>
        {speak(duty.busy ? 'field/starting' : 'field/start')}
      </Button>
    </section>
  )
}

/** After a reload on duty: the browser lets nothing sound until somebody taps. */
export function Resume({ duty }: { duty: DutyControl }) {
  const speak = useSpeak()
  return (
    <section className="calm" data-tone="alert">
      <BellMark size={104} />
      <h1>{speak('field/resumeTitle')}</h1>
      <p>{speak('field/resumeBody')}</p>
      <Button className="primary" variant="contained" color="error" fullWidth disabled={duty.busy} onClick={() => void duty.start()}>
        {speak('field/resume')}
      </Button>
    </section>
  )
}

function Stop({ duty, busyJob }: { duty: DutyControl; busyJob: boolean }) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  if (busyJob) return <p className="quiet">{speak('field/stopBusy')}</p>
  if (!asking) {
    return (
      <Button fullWidth color="inherit" variant="outlined" onClick={() => setAsking(true)}>
        {speak('field/stop')}
      </Button>
    )
  }
  return (
    <div className="ask" role="group" aria-label={speak('field/stop')}>
      <p>{speak('field/stopAsk')}</p>
      <div className="pair">
        <Button variant="outlined" color="inherit" onClick={() => setAsking(false)}>
          {speak('common/cancel')}
        </Button>
        <Button variant="contained" disabled={duty.busy} onClick={() => void duty.stop().then(() => setAsking(false))}>
          {speak('field/stop')}
        </Button>
      </div>
    </div>
  )
}

export function OnDuty({ duty, link, busyJob }: { duty: DutyControl; link: LinkState; busyJob: boolean }) {
  const speak = useSpeak()
  return (
    <section className="calm">
      {!busyJob && (
        <>
          <BellMark size={104} />
          <h1>{speak('field/idleTitle')}</h1>
          <p className="quiet">{speak('field/idleBody')}</p>
        </>
      )}
      <Shift on />
      <CheckList checks={duty.checks} link={link} />
      {duty.checks.results.sound === 'ok' && <p className="quiet small">{speak('field/heard')}</p>}
      {duty.checks.results.duty === 'fault' && (
        <Button fullWidth variant="contained" onClick={() => void duty.start()}>
          {speak('common/retry')}
        </Button>
      )}
      <div className="pair">
        <Button variant="outlined" color="inherit" onClick={() => void duty.ring()}>
          {speak('sound/test')}
        </Button>
        {!busyJob && <Stop duty={duty} busyJob={false} />}
      </div>
      {busyJob && <Stop duty={duty} busyJob />}
      <p className="quiet small">{speak('field/locationShared')}</p>
    </section>
  )
}
