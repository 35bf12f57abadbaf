import Button from '@mui/material/Button'
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react'
import { health, useHealth, useSlow } from '../kernel/health'
import { type Speak, useSpeak } from '../kernel/i18n'
import { type LinkState, reloadOnce } from '../kernel/live'
import { bell } from '../kernel/ring/bell'
import { elapsed, serverClock, useSecond } from '../kernel/time'

type Tone = 'alert' | 'warn' | 'calm'

interface NoticeProps {
  tone: Tone
  title: string
  children?: ReactNode
  action?: ReactNode
}

export function Notice({ tone, title, children, action }: NoticeProps) {
  return (
    <div className="notice" data-tone={tone} role={tone === 'alert' ? 'alert' : 'status'}>
      <div>
        <strong>{title}</strong>
        {children}
      </div>
      {action}
    </div>
  )
}

const GRACE_MS = 1_500
const SERIOUS_MS = 15_000

function downWords(speak: Speak, ms: number): string {
  if (!navigator.onLine) return speak('link/offline')
  return ms > SERIOUS_MS ? speak('link/downSince', { time: elapsed(ms) }) : speak('link/down')
}

function Down({ since }: { since: number }) {
  const speak = useSpeak()
  useSecond()
  const ms = Date.now() - since
  if (ms < GRACE_MS) return null
  // The counter would be read out every second, so only the visible text carries it.
  return (
    <div className="notice" data-tone={ms > SERIOUS_MS ? 'alert' : 'warn'}>
      <span className="visually-hidden" role="status">
        {speak('link/down')}
      </span>
      <div>{downWords(speak, ms)}</div>
    </div>
  )
}

function Outage({ field = false }: { field?: boolean }) {
  const speak = useSpeak()
  const away = useHealth()
  if (away.length === 0) return null
  const parts = away.map((part) => speak.word('outage', part)).join(speak.lang === 'en' ? ', ' : '、')
  return (
    <Notice tone="alert" title={speak('outage/title')}>
      {speak(field ? 'outage/bodyField' : 'outage/body', { parts })}
    </Notice>
  )
}

/** On a page without a stream of its own: which parts of the platform do not answer. */
export function Away() {
  useEffect(() => health.start(), [])
  return <Outage />
}

function Ended({ state, takeOver }: { state: LinkState; takeOver: () => void }) {
  const speak = useSpeak()
  if (state.ending === 'replaced') {
    const action = (
      <Button variant="contained" color="inherit" sx={{ color: 'var(--ink)', bgcolor: 'var(--sheet)' }} onClick={takeOver}>
        {speak('ending/takeOver')}
      </Button>
    )
    return (
      <Notice tone="alert" title={speak('ending/replacedTitle')} action={action}>
        {speak('ending/replacedBody')}
      </Notice>
    )
  }
  if (state.ending === 'reload') {
    reloadOnce('4426')
    return (
      <Notice tone="warn" title={speak('ending/reloadTitle')}>
        {speak('ending/reloadBody')}
      </Notice>
    )
  }
  return null
}

function LinkLine({ state }: { state: LinkState }) {
  const speak = useSpeak()
  if (state.ending === 'replaced') return null
  if (state.link === 'down') return <Down since={state.since} />
  if (state.link === 'syncing') return <Notice tone="calm" title={speak('link/syncing')} />
  if (state.link === 'polling') return <Notice tone="calm" title={speak('link/pollingLong')} />
  return null
}

function SlowLine() {
  const speak = useSpeak()
  return useSlow() ? <Notice tone="calm" title={speak('link/slow')} /> : null
}

const CLOCK_OFF_MS = 60_000

/** The times on the page are right by the server's clock; what this device writes down by itself is not. */
function ClockOff() {
  const speak = useSpeak()
  useSecond()
  const minutes = Math.round(Math.abs(serverClock.offset) / CLOCK_OFF_MS)
  if (minutes < 1) return null
  return <Notice tone="warn" title={speak('link/clockOff', { n: minutes })} />
}

const UNHEARD_MS = 20_000

/** A page in the background may be frozen and silent; whoever comes back must know it. */
function WasHidden() {
  const speak = useSpeak()
  const [away, setAway] = useState(0)
  useEffect(() => {
    let since = Date.now()
    const turned = () => {
      if (document.visibilityState !== 'visible') since = Date.now()
      else if (Date.now() - since > UNHEARD_MS) setAway(Date.now() - since)
    }
    document.addEventListener('visibilitychange', turned)
    return () => document.removeEventListener('visibilitychange', turned)
  }, [])
  if (away === 0) return null
  const action = (
    <Button variant="outlined" color="inherit" onClick={() => setAway(0)}>
      {speak('common/know')}
    </Button>
  )
  return <Notice tone="warn" title={speak('link/wasHidden', { time: elapsed(away) })} action={action} />
}

const readElsewhere = () => bell.elsewhere

function RingsElsewhere() {
  const speak = useSpeak()
  return useSyncExternalStore(bell.subscribe, readElsewhere) ? <Notice tone="calm" title={speak('sound/elsewhere')} /> : null
}

/** Plain words about the line and the platform, worst first. */
export function Banners(props: { state: LinkState; takeOver: () => void; field?: boolean }) {
  return (
    <>
      <Outage field={props.field ?? false} />
      <Ended state={props.state} takeOver={props.takeOver} />
      <LinkLine state={props.state} />
      <SlowLine />
      <ClockOff />
      <WasHidden />
      <RingsElsewhere />
    </>
  )
}

export const useSound = () => useSyncExternalStore(bell.subscribe, bell.read)
const readRinging = () => bell.ringing
export const useRinging = () => useSyncExternalStore(bell.subscribe, readRinging)

/** Stays as long as the browser keeps the page silent. */
export function SoundBlocked() {
  const speak = useSpeak()
  const sound = useSound()
  if (sound === 'running') return null
  const action = (
    <Button
      variant="contained"
      color="inherit"
      sx={{ color: 'var(--ink)', bgcolor: 'var(--sheet)' }}
      onClick={() => void bell.unlock().then(() => bell.test())}
    >
      {speak('sound/unlock')}
    </Button>
  )
  return (
    <Notice tone="alert" title={speak('sound/blockedTitle')} action={sound === 'none' ? null : action}>
      {speak(sound === 'none' ? 'sound/none' : 'sound/blockedBody')}
    </Notice>
  )
}
