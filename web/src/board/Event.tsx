import Button from '@mui/material/Button'
import { useState } from 'react'
import type { EventView, PersonLine, VillageFigures } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Glyph, Tag } from '../ui/Marks'
import { Clock } from '../ui/Times'
import { paperOf, useEvent, useEvents, useRoll } from './api'
import { CloseRollCall } from './EventForms'
import { STATES } from './person'
import { Person } from './Person'

interface FiguresProps {
  view: EventView
  village: string
  choose: (village: string) => void
}

function FiguresRow({ one, chosen, choose }: { one: VillageFigures; chosen: boolean; choose: (village: string) => void }) {
  return (
    <tr data-selected={chosen}>
      <th scope="row">
        <button type="button" className="link" aria-pressed={chosen} onClick={() => choose(chosen ? '' : one.division)}>
          {one.name ?? one.division}
        </button>
      </th>
      {STATES.map((state) => (
        <td key={state} data-state={state} data-none={one[state] === 0}>
          {one[state]}
        </td>
      ))}
      <td>{one.people}</td>
    </tr>
  )
}

/** Villages by states; a village chosen narrows the list beneath. The sums are the event's own. */
function FiguresTable({ view, village, choose }: FiguresProps) {
  const speak = useSpeak()
  return (
    <section aria-labelledby="figures">
      <h2 id="figures">{speak('mass/figures')}</h2>
      <div className="scroll" tabIndex={0} role="group" aria-labelledby="figures">
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{speak('mass/village')}</th>
              {STATES.map((state) => (
                <th key={state} scope="col">
                  {speak.word('massState', state)}
                </th>
              ))}
              <th scope="col">{speak('mass/total')}</th>
            </tr>
          </thead>
          <tbody>
            {view.villages.map((one) => (
              <FiguresRow key={one.division} one={one} chosen={one.division === village} choose={choose} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{speak('mass/total')}</th>
              {STATES.map((state) => (
                <td key={state}>{view.figures[state]}</td>
              ))}
              <td>{view.figures.people}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      <p className="quiet small">{speak('mass/overlap')}</p>
    </section>
  )
}

function States({ chosen, choose }: { chosen: string; choose: (state: string) => void }) {
  const speak = useSpeak()
  return (
    <div className="filters no-paper" role="group" aria-label={speak('mass/list')}>
      {['', ...STATES].map((state) => (
        <button key={state} type="button" aria-pressed={state === chosen} onClick={() => choose(state)}>
          {state === '' ? speak('mass/all') : speak.word('massState', state)}
        </button>
      ))}
    </div>
  )
}

const COLUMNS = ['n', 'name', 'phone', 'contacts', 'state', 'mark'] as const

function Table({ view, items }: { view: EventView; items: PersonLine[] }) {
  const speak = useSpeak()
  return (
    <div className="scroll" tabIndex={0} role="group" aria-labelledby="list">
      <table>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {speak(`mass/columns/${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((one, k) => (
            <Person key={one.elder} n={k + 1} one={one} view={view} of={items} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function RollCall({ view, village }: { view: EventView; village: string }) {
  const speak = useSpeak()
  const [state, setState] = useState('')
  const { items, error, isPending, hasNextPage, fetchNextPage } = useRoll(view.event, village, state)
  return (
    <section aria-labelledby="list">
      <h2 id="list">{speak('mass/list')}</h2>
      <States chosen={state} choose={setState} />
      <p className="quiet">{speak('mass/people', { n: `${items.length}${hasNextPage ? '+' : ''}` })}</p>
      {isPending && <p className="quiet">{speak('common/loading')}</p>}
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {items.length > 0 && <Table view={view} items={items} />}
      {hasNextPage && (
        <Button className="no-paper" color="inherit" onClick={() => void fetchNextPage()}>
          {speak('mass/more')}
        </Button>
      )}
    </section>
  )
}

function Head({ view, village }: { view: EventView; village: string }) {
  const speak = useSpeak()
  const left = view.figures.not_reached
  return (
    <header className="head">
      <div className="title">
        <h1>{view.title}</h1>
        <Tag tone={view.state === 'open' ? 'warn' : 'plain'}>{speak.word('mass', `state/${view.state}`)}</Tag>
        {view.drill && <Tag tone="drill">{speak('app/drillLong')}</Tag>}
      </div>
      <p className="place">
        {speak.word('mass', `kind/${view.kind}`)} · {speak('mass/people', { n: view.figures.people })} · {left > 0 ? speak('mass/left', { n: left }) : speak('mass/allReached')}
      </p>
      <p className="facts">
        <span>
          {speak('mass/opened', { who: view.opened_by, time: '' })} <Clock at={view.opened_at} />
        </span>
        <span>{view.incident}</span>
        {view.enrolling && <span>{speak('mass/enrolling')}</span>}
        <a className="tel no-paper" href={paperOf(view.event, village, 'html')} target="_blank" rel="noreferrer">
          {speak('mass/print')}
        </a>
        <a className="tel no-paper" href={paperOf(view.event, village, 'csv')}>
          CSV
        </a>
      </p>
    </header>
  )
}

/** The list of one event: figures per village, whom to telephone next, what became of each. */
export function Event({ event: wanted, back }: { event: string; back: () => void }) {
  const speak = useSpeak()
  const { items } = useEvents()
  const id = items.find(({ incident }) => incident === wanted)?.event ?? wanted
  const { data: view, error } = useEvent(id)
  const [village, setVillage] = useState('')
  const [closing, setClosing] = useState(false)
  return (
    <article className="sheet roll-call" aria-label={speak('mass/title')}>
      <Button className="back" color="inherit" startIcon={<Glyph name="back" />} onClick={back}>
        {speak('board/toList')}
      </Button>
      {!view && <p className="quiet body">{error ? speak.problem(error) : speak('common/loading')}</p>}
      {view && (
        <>
          <Head view={view} village={village} />
          {view.state === 'open' && (
            <div className="actions">
              <Button variant="outlined" color="inherit" onClick={() => setClosing(true)}>
                {speak('mass/close')}
              </Button>
            </div>
          )}
          <div className="body">
            {view.closing_note && <p>{view.closing_note}</p>}
            <FiguresTable view={view} village={village} choose={setVillage} />
            <RollCall view={view} village={village} />
          </div>
          {closing && <CloseRollCall view={view} close={() => setClosing(false)} />}
        </>
      )}
    </article>
  )
}
