import Button from '@mui/material/Button'
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react'
import type { Account } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { useServerTime } from '../../things/clock'
import { Away } from '../../ui/Banners'
import { Bar } from '../../ui/Bar'
import { Glyph } from '../../ui/Marks'
import { toDesk } from '../../ui/tabs'
import { type Page, pagesOf, useGoing } from './address'
import { Breaches } from './Breaches'
import { Cases } from './Cases'
import { Fleet } from './Fleet'
import { Hours } from './Hours'
import { Incidents } from './Incidents'
import { Indicators } from './Indicators'
import { Load } from './Load'
import { Month } from './Month'
import { Overview } from './Overview'
import { Protection } from './Protection'
import { Providers } from './Providers'
import { Ratings } from './Ratings'
import { Replay } from './Replay'
import { Times } from './Times'
import { Walls } from './Walls'
import '../../ui/parts.css'
import '../../ui/board.css'
import '../../ui/sheet.css'
import './reports.css'

const later = <T,>(pick: (it: typeof import('../authority')) => T) => () => import('../authority').then((it) => ({ default: pick(it) }))
const Aid = lazy(later((it) => it.Aid))
const Complaints = lazy(later((it) => it.Complaints))
const Doubts = lazy(later((it) => it.Doubts))
const Duty = lazy(later((it) => it.Duty))
const Hazards = lazy(later((it) => it.Hazards))
const Openings = lazy(later((it) => it.Openings))
const Reads = lazy(later((it) => it.Reads))
const Coverage = lazy(() => import('../../map').then((map) => ({ default: map.Coverage })))

/** The page of the list that belongs to what is opened from a figure. */
const BELONGS: Partial<Record<Page, Page>> = { incidents: 'times', cases: 'indicators', hours: 'indicators', replay: 'times' }

function Pages({ role }: { role: string }) {
  const speak = useSpeak()
  const going = useGoing()
  const here = BELONGS[going.page] ?? going.page
  const groups = pagesOf(role)
  return (
    <nav className="side pages" aria-label={speak('reports/title')}>
      {groups.map(([group, pages]) => (
        <div key={group}>
          {groups.length > 1 && (
            <h2 className="small quiet" id={`pages-${group}`}>
              {speak(`pagesOf/${group}`)}
            </h2>
          )}
          <ul aria-labelledby={groups.length > 1 ? `pages-${group}` : undefined}>
            {pages.map((page) => (
              <li key={page}>
                <a href={going.to(page)} aria-current={page === here ? 'page' : undefined}>
                  {speak(`reportsPage/${page}`)}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <a href="/public-status" target="_blank">
        {speak('reports/publicStatus')}
      </a>
    </nav>
  )
}

/** What is fetched when it is first opened. */
function Later({ children }: { children: ReactNode }) {
  const speak = useSpeak()
  return <Suspense fallback={<p className="quiet pad">{speak('common/loading')}</p>}>{children}</Suspense>
}

/** The page asked for, or the first of those that are open to this role. */
function allowed(page: Page, role: string): Page {
  const open = pagesOf(role).flatMap(([, pages]) => pages)
  const list = BELONGS[page] ?? page
  return open.some((one) => one === list) ? page : (open[0] ?? 'overview')
}

function Shown({ account }: { account: Account }) {
  const speak = useSpeak()
  const { page: asked, item, given } = useGoing()
  const widest = account.division
  const page = allowed(asked, account.role)
  const division = given['division'] ?? widest
  const pages: Record<Page, () => ReactNode> = {
    overview: () => <Overview widest={widest} />,
    breaches: () => <Breaches widest={widest} />,
    times: () => <Times widest={widest} />,
    indicators: () => <Indicators widest={widest} />,
    protection: () => <Protection widest={widest} reveals={account.role !== 'office'} />,
    providers: () => <Providers widest={widest} />,
    ratings: () => <Ratings widest={widest} />,
    fleet: () => <Fleet widest={widest} />,
    load: () => <Load />,
    coverage: () => (
      <>
        <h1 className="visually-hidden">{speak('reportsPage/coverage')}</h1>
        <Coverage key={division} division={division} />
      </>
    ),
    month: () => <Month account={account} />,
    visits: () => <Doubts account={account} />,
    duty: () => <Duty account={account} widest={widest} />,
    complaints: () => <Complaints widest={widest} />,
    hazards: () => <Hazards account={account} widest={widest} />,
    openings: () => <Openings account={account} />,
    reads: () => <Reads key={`${given['account'] ?? ''} ${given['elder'] ?? ''}`} />,
    aid: () => <Aid widest={widest} />,
    walls: () => <Walls widest={widest} />,
    incidents: () => <Incidents />,
    cases: () => <Cases key={item} code={item ?? ''} reveals={account.role !== 'office'} />,
    hours: () => <Hours widest={widest} />,
    replay: () => <Replay key={item} incident={item ?? ''} />,
  }
  return <Later>{pages[page]()}</Later>
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
      <Bar title={speak('reports/title')} account={account}>
        {account.role !== 'auditor' && account.role !== 'office' && (
          <>
            <Button variant="outlined" color="inherit" href="/board" target="yinling-board">
              {speak('reports/toBoard')}
            </Button>
            <Button variant="outlined" color="inherit" startIcon={<Glyph name="back" />} onClick={toDesk}>
              {speak('board/toDesk')}
            </Button>
          </>
        )}
      </Bar>
      <div className="banners">
        <Away />
      </div>
      <Pages role={account.role} />
      <main id="main" ref={main} tabIndex={-1}>
        <Shown account={account} />
      </main>
    </div>
  )
}
