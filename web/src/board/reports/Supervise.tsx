import Button from '@mui/material/Button'
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react'
import type { Account } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { logout } from '../../kernel/session'
import { useServerTime } from '../../things/clock'
import { Away } from '../../ui/Banners'
import { BellMark, Glyph } from '../../ui/Marks'
import { Settings } from '../../ui/Settings'
import { toDesk } from '../../ui/tabs'
import { type Page, PAGES, useGoing } from './address'
import { Breaches } from './Breaches'
import { Cases } from './Cases'
import { Fleet } from './Fleet'
import { Incidents } from './Incidents'
import { Indicators } from './Indicators'
import { Load } from './Load'
import { Month } from './Month'
import { Overview } from './Overview'
import { Protection } from './Protection'
import { Providers } from './Providers'
import { Replay } from './Replay'
import { Times } from './Times'
import { Walls } from './Walls'
import '../../ui/parts.css'
import '../../ui/board.css'
import '../../ui/sheet.css'
import './reports.css'

const Coverage = lazy(() => import('../../map').then((map) => ({ default: map.Coverage })))

function Bar({ account }: { account: Account }) {
  const speak = useSpeak()
  return (
    <header className="bar">
      <BellMark size={34} />
      <div className="who">
        <strong className="name">{speak('reports/title')}</strong>
        <span className="quiet">
          {account.name} · {account.division}
        </span>
      </div>
      <div className="tools">
        <Button variant="outlined" color="inherit" href="/board" target="yinling-board">
          {speak('reports/toBoard')}
        </Button>
        <Button variant="outlined" color="inherit" startIcon={<Glyph name="back" />} onClick={toDesk}>
          {speak('board/toDesk')}
        </Button>
        <Settings account={account} leave={logout} />
      </div>
    </header>
  )
}

/** The page of the list that belongs to what is opened from a figure. */
const BELONGS: Partial<Record<Page, Page>> = { incidents: 'times', cases: 'indicators', replay: 'times' }

function Pages() {
  const speak = useSpeak()
  const going = useGoing()
  const here = BELONGS[going.page] ?? going.page
  return (
    <nav className="side pages" aria-label={speak('reports/title')}>
      <ul>
        {PAGES.map((page) => (
          <li key={page}>
            <a href={going.to(page)} aria-current={page === here ? 'page' : undefined}>
              {speak(`reportsPage/${page}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Shown({ account }: { account: Account }) {
  const speak = useSpeak()
  const { page, item, given } = useGoing()
  const widest = account.division
  const division = given['division'] ?? widest
  const pages: Record<Page, () => ReactNode> = {
    overview: () => <Overview widest={widest} />,
    breaches: () => <Breaches widest={widest} />,
    times: () => <Times widest={widest} />,
    indicators: () => <Indicators widest={widest} />,
    protection: () => <Protection widest={widest} />,
    providers: () => <Providers widest={widest} />,
    fleet: () => <Fleet widest={widest} />,
    load: () => <Load />,
    coverage: () => (
      <>
        <h1 className="visually-hidden">{speak('reportsPage/coverage')}</h1>
        <Suspense fallback={<p className="quiet pad">{speak('common/loading')}</p>}>
          <Coverage key={division} division={division} />
        </Suspense>
      </>
    ),
    month: () => <Month account={account} />,
    walls: () => <Walls widest={widest} />,
    incidents: () => <Incidents />,
    cases: () => <Cases key={item} code={item ?? ''} />,
    replay: () => <Replay key={item} incident={item ?? ''} />,
  }
  return pages[page]()
}

/** Supervision: how quickly people come, who is late now, and what would fail next. */
export function Supervise({ account }: { account: Account }) {
  const speak = useSpeak()
  const main = useRef<HTMLElement>(null)
  const { page, item } = useGoing()
  useServerTime()
  useEffect(() => {
    document.title = `${speak('reports/title')} · ${speak('app/name')}`
  }, [speak])
  useEffect(() => {
    main.current?.scrollTo(0, 0)
  }, [page, item])
  return (
    <div className="board supervise">
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        {speak('app/skip')}
      </a>
      <Bar account={account} />
      <div className="banners">
        <Away />
      </div>
      <Pages />
      <main id="main" ref={main} tabIndex={-1}>
        <Shown account={account} />
      </main>
    </div>
  )
}
