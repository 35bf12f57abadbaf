import Button from '@mui/material/Button'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Account } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Live, type LinkState, reloadOnce, useLink, useStarted } from '../kernel/live'
import { bell } from '../kernel/ring/bell'
import { levelOf } from '../kernel/ring/pattern'
import { type DeskState, EMPTY_DESK, reduceDesk } from '../kernel/state/desk'
import type { Queue as QueueState } from '../kernel/state/queue'
import { logout, toLogin } from '../kernel/session'
import { clockTime, serverClock, useSecond } from '../kernel/time'
import { wakeLock } from '../kernel/wake'
import { Banners, SoundBlocked, useRinging, useSound } from '../ui/Banners'
import { BellMark, Glyph, Tag } from '../ui/Marks'
import { Settings } from '../ui/Settings'
import { Duty } from '../watch/Duty'
import { Closed } from './Closed'
import { DeskContext, useNews, useQueue, useRings, useShown } from './live'
import { Panel } from './Panel'
import { Phone } from './Phone'
import { Queue } from './Queue'
import '../ui/parts.css'
import '../ui/board.css'
import '../ui/sheet.css'
import './panel.css'
import './desk.css'

function Now() {
  const { lang } = useSpeak()
  useSecond()
  return <time className="now">{clockTime(new Date(serverClock.now()).toISOString(), lang, new Date(serverClock.now()))}</time>
}

function Health({ link }: { link: LinkState }) {
  const speak = useSpeak()
  const sound = useSound()
  const connected = link.link === 'live' || link.link === 'polling'
  return (
    <span className="seat" role="status">
      <Tag tone={connected ? 'good' : 'alert'}>
        <Glyph name={connected ? 'tick' : 'warn'} size={16} />
        {speak(`link/${link.link}`)}
      </Tag>
      <Tag tone={sound === 'running' ? 'good' : 'alert'}>
        <Glyph name={sound === 'running' ? 'tick' : 'mute'} size={16} />
        {sound === 'running' ? speak('sound/on') : speak('link/mutedShort')}
      </Tag>
    </span>
  )
}

/** Says new incidents aloud to readers of the screen, without moving the focus. */
function Announcer({ queue }: { queue: QueueState }) {
  const speak = useSpeak()
  const known = useRef<Set<string> | null>(null)
  const [words, setWords] = useState('')
  useEffect(() => {
    const fresh = queue.waiting.filter(({ key }) => known.current && !known.current.has(key))
    known.current = new Set(queue.waiting.map(({ key }) => key))
    const [first] = fresh
    if (!first) return
    const { priority, kind, place } = first.d
    setWords(speak('desk/announceNew', { level: speak.word('level', levelOf(priority)), kind: speak.word('kind', kind), place }))
  }, [queue, speak])
  return (
    <div className="visually-hidden" role="alert">
      {words}
    </div>
  )
}

function Start() {
  const speak = useSpeak()
  const sound = useSound()
  const start = async () => {
    await bell.unlock()
    bell.test()
    await wakeLock.hold()
  }
  return (
    <section className="start" data-ready={sound === 'running'}>
      <BellMark size={120} />
      {sound === 'running' ? (
        <>
          <h1>{speak('desk/select')}</h1>
          <p className="quiet">{speak('desk/selectHint')}</p>
          <Button variant="outlined" color="inherit" onClick={() => bell.test()}>
            {speak('sound/test')}
          </Button>
        </>
      ) : (
        <>
          <h1>{speak('app/desk')}</h1>
          <p className="quiet">{speak('desk/startBody')}</p>
          <Button variant="contained" className="primary" onClick={() => void start()}>
            {speak('desk/start')}
          </Button>
        </>
      )}
    </section>
  )
}

interface BarProps {
  account: Account
  link: LinkState
  queue: QueueState
  frozen: boolean
  freeze: () => void
  hush: () => void
  phone: () => void
}

function Bar({ account, link, queue, frozen, freeze, hush, phone }: BarProps) {
  const speak = useSpeak()
  const ringing = useRinging()
  return (
    <header className="bar">
      <BellMark size={34} swing={ringing} />
      <div className="who">
        <strong className="name">{speak('app/name')}</strong>
        <span className="quiet">
          {account.name} · {account.division}
        </span>
      </div>
      <span className="counts" role="status">
        {speak('desk/status', { waiting: queue.waiting.length, taken: queue.taken.length })}
      </span>
      <Health link={link} />
      <Now />
      <div className="tools">
        {ringing && (
          <Button variant="contained" color="error" startIcon={<Glyph name="mute" />} onClick={hush}>
            {speak('sound/hush')}
          </Button>
        )}
        <Button variant="outlined" color="inherit" aria-pressed={frozen} startIcon={<Glyph name="freeze" />} onClick={freeze}>
          {speak(frozen ? 'desk/unfreeze' : 'desk/freeze')}
        </Button>
        <Button variant="outlined" color="inherit" href="/devices" target="yinling-devices">
          {speak('desk/devices')}
        </Button>
        <Button variant="outlined" color="inherit" href="/board" target="yinling-board">
          {speak('board/open')}
        </Button>
        <Button variant="outlined" color="inherit" startIcon={<Glyph name="phone" />} onClick={phone}>
          {speak('desk/phone')}
        </Button>
        <Settings account={account} leave={() => void logout()} />
      </div>
    </header>
  )
}

type Which = 'live' | 'closed'

function Which({ which, choose }: { which: Which; choose: (which: Which) => void }) {
  const speak = useSpeak()
  return (
    <ToggleButtonGroup className="which" exclusive fullWidth value={which} aria-label={speak('desk/queue')} onChange={(_, next: Which | null) => next && choose(next)}>
      <ToggleButton value="live">{speak('desk/live')}</ToggleButton>
      <ToggleButton value="closed">{speak('desk/closed')}</ToggleButton>
    </ToggleButtonGroup>
  )
}

function useSelection() {
  const [selected, setSelected] = useState<string | null>(() => decodeURIComponent(location.hash.slice(1)) || null)
  const choose = useCallback((incident: string | null) => {
    history.replaceState(null, '', incident ? `#${encodeURIComponent(incident)}` : location.pathname)
    setSelected(incident)
  }, [])
  const back = () => {
    const row = selected && document.querySelector<HTMLElement>(`[data-row="${CSS.escape(selected)}"]`)
    choose(null)
    requestAnimationFrame(() => row && row.focus())
  }
  return { selected, choose, back }
}

function Screen({ live, account }: { live: Live<DeskState>; account: Account }) {
  const speak = useSpeak()
  useStarted(live)
  const link = useLink(live)
  const queue = useQueue(live)
  const news = useNews(live)
  const [frozen, setFrozen] = useState(false)
  const [which, setWhich] = useState<Which>('live')
  const [phoning, setPhoning] = useState(false)
  const { selected, choose, back } = useSelection()
  const { attendTo, hush } = useRings(queue)
  const { shown, hold, changes } = useShown(queue, frozen)
  const context = useMemo(() => ({ live, account, attendTo }), [live, account, attendTo])
  const rows = [...queue.waiting, ...queue.taken]
  const row = rows.find(({ key }) => key === selected)?.d ?? null
  const freeze = () => setFrozen(!frozen)
  const open = useCallback(
    (incident: string) => {
      choose(incident)
      attendTo([incident])
    },
    [choose, attendTo],
  )
  useEffect(() => {
    if (link.ending === 'login') void toLogin('ended')
    if (live.outdated && queue.waiting.length === 0) reloadOnce(live.outdated)
  }, [link, live, queue])
  useEffect(() => {
    const waiting = queue.waiting.length > 0 ? `(${queue.waiting.length}) ` : ''
    document.title = `${waiting}${speak('desk/title')} · ${speak('app/name')}`
  }, [queue, speak])
  return (
    <DeskContext value={context}>
      <div className="board desk" data-open={selected !== null}>
        <a className="skip" href="#main">
          {speak('app/skip')}
        </a>
        <Bar account={account} link={link} queue={queue} frozen={frozen} freeze={freeze} hush={hush} phone={() => setPhoning(true)} />
        <div className="banners">
          <Banners state={link} takeOver={() => live.takeOver()} />
          <SoundBlocked />
          <Duty account={account} news={news} />
        </div>
        <section className="side" aria-label={speak('app/desk')}>
          <h1 className="visually-hidden">{speak('app/desk')}</h1>
          <Which which={which} choose={setWhich} />
          {which === 'live' ? (
            <Queue queue={shown} selected={selected} choose={open} hold={hold} hush={hush} frozen={frozen} freeze={freeze} changes={changes} />
          ) : (
            <Closed selected={selected} choose={open} />
          )}
        </section>
        <main id="main" tabIndex={-1}>
          {selected ? <Panel key={selected} incident={selected} row={row} back={back} /> : <Start />}
        </main>
        <Announcer queue={queue} />
        {phoning && <Phone close={() => setPhoning(false)} opened={(incident) => (setPhoning(false), open(incident))} />}
      </div>
    </DeskContext>
  )
}

/** The device desk opens in a tab of its own and finds this one, which must go on ringing, by its name. */
export function Desk({ account }: { account: Account }) {
  useEffect(() => {
    window.name = 'yinling-desk'
  }, [])
  const live = useMemo(() => new Live<DeskState>('desk', account, EMPTY_DESK, reduceDesk), [account])
  return <Screen live={live} account={account} />
}
