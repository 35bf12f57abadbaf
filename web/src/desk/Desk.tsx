import Button from '@mui/material/Button'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Account, LoadReport } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Live, type LinkState, reloadOnce, useLink, useStarted } from '../kernel/live'
import { bell } from '../kernel/ring/bell'
import { levelOf } from '../kernel/ring/pattern'
import { type DeskState, EMPTY_DESK, HEARD, reduceDesk } from '../kernel/state/desk'
import { callerOf, calling, rowsOf } from '../kernel/state/queue'
import { toLogin } from '../kernel/session'
import { clockTime, serverClock, useSecond } from '../kernel/time'
import { wakeLock } from '../kernel/wake'
import { Banners, SoundBlocked, useRinging, useSound } from '../ui/Banners'
import { BellMark, Glyph } from '../ui/Marks'
import { Reminders } from '../ui/Reminders'
import { Settings } from '../ui/Settings'
import { Duty } from '../watch/Duty'
import { Closed } from './Closed'
import { useHold } from './hold'
import { Keys } from './Keys'
import { useKeys } from './keys'
import { DeskContext, useDesk, useNews, useOfQueue, useQueue, useRings } from './live'
import { floodOf, FloodContext, useLoad } from './load/api'
import { LoadBanners } from './load/Banners'
import { useLeaving } from './load/Leaving'
import { SeatStrip } from './load/Strip'
import { MapSide } from './MapSide'
import { More } from './More'
import { Panel } from './Panel'
import { focusNext, focusQueue, usePanes } from './panes'
import { Phone } from './Phone'
import { Queue } from './Queue'
import { Splitter } from './Splitter'
import '../ui/parts.css'
import '../ui/board.css'
import '../ui/sheet.css'
import './panel.css'
import './desk.css'
import './load/load.css'

function Now() {
  const { lang } = useSpeak()
  useSecond()
  return <time className="now">{clockTime(new Date(serverClock.now()).toISOString(), lang, new Date(serverClock.now()))}</time>
}

/** Says new calls aloud to readers of the screen, without moving the focus; one that becomes an incident is not new. */
function Announcer() {
  const speak = useSpeak()
  const queue = useQueue(useDesk().live)
  const known = useRef<Set<string> | null>(null)
  const [words, setWords] = useState('')
  useEffect(() => {
    const name = ({ key, d }: ReturnType<typeof calling>[number]) => (d.device ? callerOf(d) : key)
    const fresh = calling(queue).filter((one) => known.current && !known.current.has(name(one)))
    known.current = new Set(calling(queue).map(name))
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

function Counts() {
  const speak = useSpeak()
  const { live } = useDesk()
  const waiting = useOfQueue(live, (queue) => calling(queue).length)
  const taken = useOfQueue(live, (queue) => queue.taken.length)
  return (
    <span className="counts" role="status">
      {speak('desk/status', { waiting, taken })}
    </span>
  )
}

/** The page's title says how many wait; while nobody does, a newer build may be taken. */
function Waiting() {
  const speak = useSpeak()
  const { live } = useDesk()
  const waiting = useOfQueue(live, (queue) => calling(queue).length)
  const link = useLink(live)
  useEffect(() => {
    if (live.outdated && waiting === 0) reloadOnce(live.outdated)
  }, [link, live, waiting])
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${speak('desk/title')} · ${speak('app/name')}`
  }, [waiting, speak])
  return null
}

interface BarProps {
  account: Account
  report: LoadReport | undefined
  link: LinkState
  frozen: boolean
  freeze: () => void
  hush: () => void
  phone: () => void
  keys: () => void
  mapShown: boolean
  toggleMap: () => void
}

function Bar({ account, report, link, frozen, freeze, hush, phone, keys, mapShown, toggleMap }: BarProps) {
  const speak = useSpeak()
  const ringing = useRinging()
  const leaving = useLeaving()
  return (
    <header className="bar">
      <BellMark size={34} swing={ringing} />
      <div className="who">
        <strong className="name">{speak('app/name')}</strong>
        <span className="quiet">
          {account.name} · {account.division}
        </span>
      </div>
      <Counts />
      <SeatStrip link={link} />
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
        <Button variant="outlined" color="inherit" startIcon={<Glyph name="phone" />} onClick={phone}>
          {speak('desk/phone')}
        </Button>
        <Button variant="outlined" color="inherit" aria-pressed={mapShown} startIcon={<Glyph name="pin" />} onClick={toggleMap}>
          {speak('panes/showMap')}
        </Button>
        <More report={report} account={account.id} role={account.role} keys={keys} />
        <Settings account={account} leave={leaving.leave} />
        {leaving.form}
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
  useEffect(() => {
    const follow = () => setSelected(decodeURIComponent(location.hash.slice(1)) || null)
    window.addEventListener('hashchange', follow)
    return () => window.removeEventListener('hashchange', follow)
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
  const news = useNews(live)
  const { data: report } = useLoad(8)
  const flood = useMemo(() => floodOf(report, account.id), [report, account])
  const [frozen, setFrozen] = useState(false)
  const [which, setWhich] = useState<Which>('live')
  const [dialog, setDialog] = useState<'phone' | 'keys' | null>(null)
  const panes = usePanes(account.id)
  const { selected, choose, back } = useSelection()
  const { attendTo, hush } = useRings(live)
  const context = useMemo(() => ({ live, account, attendTo }), [live, account, attendTo])
  const row = useOfQueue(live, (queue) => rowsOf(queue).find(({ key }) => key === selected)?.d ?? null)
  useHold(useOfQueue(live, ({ taken }) => taken.filter(({ d }) => d.holder_account === account.id).map(({ key }) => key).sort().join(' ')))
  const freeze = () => setFrozen(!frozen)
  const closeDialog = () => setDialog(null)
  useKeys({ '?': () => setDialog('keys'), t: () => setDialog('phone'), f: freeze, s: hush, q: focusQueue, F6: focusNext })
  const open = useCallback(
    (incident: string) => {
      choose(incident)
      attendTo([incident])
    },
    [choose, attendTo],
  )
  useEffect(() => {
    if (link.ending === 'login') void toLogin('ended')
  }, [link])
  return (
    <DeskContext value={context}>
      <div className="board desk" data-open={selected !== null} data-map={panes.mapShown} style={panes.style}>
        <a className="skip" href="#main">
          {speak('app/skip')}
        </a>
        <Bar account={account} report={report} link={link} frozen={frozen} freeze={freeze} hush={hush} phone={() => setDialog('phone')} keys={() => setDialog('keys')} mapShown={panes.mapShown} toggleMap={() => panes.showMap(!panes.mapShown)} />
        <div className="banners">
          <Banners state={link} takeOver={() => live.takeOver()} />
          <SoundBlocked />
          <LoadBanners report={report} account={account} />
          <Duty account={account} news={news} />
          <Reminders live={live} open={open} />
        </div>
        <section className="side" aria-label={speak('app/desk')}>
          <h1 className="visually-hidden">{speak('app/desk')}</h1>
          <Splitter pane="side" panes={panes} label={speak('panes/sideWidth')} />
          <Which which={which} choose={setWhich} />
          {which === 'live' ? (
            <FloodContext value={flood}>
              <Queue selected={selected} choose={open} hush={hush} frozen={frozen} freeze={freeze} />
            </FloodContext>
          ) : (
            <Closed selected={selected} choose={open} />
          )}
        </section>
        <main id="main" tabIndex={-1}>
          {selected ? <Panel key={selected} incident={selected} row={row} back={back} choose={open} /> : <Start />}
        </main>
        {panes.mapShown && <MapSide account={account} row={row} panes={panes} />}
        <Announcer />
        <Waiting />
        {dialog === 'phone' && <Phone close={closeDialog} opened={(incident) => (closeDialog(), open(incident))} />}
        {dialog === 'keys' && <Keys close={closeDialog} />}
      </div>
    </DeskContext>
  )
}

/** The device desk opens in a tab of its own and finds this one, which must go on ringing, by its name. */
export function Desk({ account }: { account: Account }) {
  useEffect(() => {
    window.name = 'yinling-desk'
  }, [])
  const live = useMemo(() => new Live<DeskState>('desk', account, EMPTY_DESK, reduceDesk, HEARD), [account])
  return <Screen live={live} account={account} />
}
