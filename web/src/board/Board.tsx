import Button from '@mui/material/Button'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import type { Account } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { useServerTime } from '../things/clock'
import { Away } from '../ui/Banners'
import { Bar } from '../ui/Bar'
import { Glyph } from '../ui/Marks'
import { toDesk } from '../ui/tabs'
import { CallBacks } from './CallBacks'
import { Event } from './Event'
import { Events } from './Events'
import { Order } from './Order'
import { CATALOGUE, Orders } from './Orders'
import { type Section, SECTIONS, type Spot, useSpot } from './place'
import { Posts, Watch } from './Seats'
import '../ui/parts.css'
import '../ui/board.css'
import '../ui/sheet.css'
import './board.css'

const Coverage = lazy(() => import('../map').then((map) => ({ default: map.Coverage })))
const People = lazy(() => import('./registry').then((registry) => ({ default: registry.Elders })))
const Lists = lazy(() => import('./registry').then((registry) => ({ default: registry.Lists })))
const Services = lazy(() => import('./services').then((services) => ({ default: services.Services })))
const ElderSheet = lazy(() => import('./registry').then((registry) => ({ default: registry.Record })))

function Sections({ spot, go }: { spot: Spot; go: (spot: Spot) => void }) {
  const speak = useSpeak()
  const choose = (next: Section | null) => next && go({ section: next, item: null })
  return (
    <ToggleButtonGroup className="which" exclusive fullWidth value={spot.section} aria-label={speak('board/title')} onChange={(_, next: Section | null) => choose(next)}>
      {SECTIONS.map((section) => (
        <ToggleButton key={section} value={section}>
          {speak.word('boardSection', section)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

function About() {
  const speak = useSpeak()
  return <p className="finding quiet">{speak('board/coverage')}</p>
}

/** What is fetched when it is first opened. */
function Later({ children }: { children: ReactNode }) {
  const speak = useSpeak()
  return <Suspense fallback={<p className="finding quiet">{speak('common/loading')}</p>}>{children}</Suspense>
}

function Empty() {
  const speak = useSpeak()
  return (
    <section className="start">
      <h2>{speak('board/selectTitle')}</h2>
      <p className="quiet">{speak('board/selectHint')}</p>
    </section>
  )
}

/** What is coordinated beside single calls for help, in a tab of its own so that the duty desk goes on ringing. */
export function Board({ account }: { account: Account }) {
  const speak = useSpeak()
  const [spot, go] = useSpot()
  useServerTime()
  const { section, item } = spot
  const open = (next: string) => go({ section, item: next })
  const back = () => go({ section, item: null })
  useEffect(() => {
    document.title = `${speak('board/title')} · ${speak('app/name')}`
  }, [speak])
  const lists: Record<Section, ReactNode> = {
    mass: <Events selected={item} choose={open} />,
    orders: <Orders selected={item} choose={open} />,
    callbacks: <CallBacks selected={item} choose={open} answers={account.role !== 'desk'} />,
    seats: <Posts />,
    coverage: <About />,
    people: <People selected={item} choose={open} />,
  }
  const pages: Partial<Record<Section, ReactNode>> = { seats: <Watch account={account} />, coverage: <Coverage division={account.division} />, people: <Lists account={account} choose={open} /> }
  const sheetOf = (id: string) => {
    if (section === 'orders' && id === CATALOGUE) return <Services account={account} back={back} />
    if (section === 'people') return <ElderSheet key={id} elder={id} account={account} back={back} />
    return section === 'mass' ? <Event key={id} event={id} back={back} /> : <Order key={id} order={id} back={back} />
  }
  return (
    <div className="board coordination" data-open={item !== null}>
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), document.getElementById('main')?.focus())}>
        {speak('app/skip')}
      </a>
      <Bar title={speak('board/title')} account={account}>
        {account.role !== 'desk' && (
          <Button variant="outlined" color="inherit" href="/supervise" target="yinling-supervise">
            {speak('board/toSupervise')}
          </Button>
        )}
        <Button variant="outlined" color="inherit" startIcon={<Glyph name="back" />} onClick={toDesk}>
          {speak('board/toDesk')}
        </Button>
      </Bar>
      <div className="banners">
        <Away />
      </div>
      <section className="side" aria-label={speak('board/title')}>
        <h1 className="visually-hidden">{speak('board/title')}</h1>
        <Sections spot={spot} go={go} />
        <Later>{lists[section]}</Later>
      </section>
      <main id="main" tabIndex={-1}>
        <Later>{item !== null ? sheetOf(item) : (pages[section] ?? <Empty />)}</Later>
      </main>
    </div>
  )
}
