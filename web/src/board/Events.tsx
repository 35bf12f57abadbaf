import Button from '@mui/material/Button'
import { useState } from 'react'
import type { EventLine, Figures } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Tag } from '../ui/Marks'
import { useSteps } from '../ui/steps'
import { Clock } from '../ui/Times'
import { useEvents } from './api'
import { NewRollCall } from './EventForms'

export const reached = (figures: Figures): number => figures.people - figures.not_reached

function Row({ event, selected, choose }: { event: EventLine; selected: boolean; choose: (id: string) => void }) {
  const speak = useSpeak()
  const { figures } = event
  return (
    <li className="row" data-selected={selected}>
      <button type="button" className="open" data-row={event.event} aria-current={selected ? 'true' : undefined} onClick={() => choose(event.event)}>
        <span className="line">
          <strong className="kind">{event.title}</strong>
          <Tag tone={event.state === 'open' ? 'warn' : 'plain'}>{speak.word('mass', `state/${event.state}`)}</Tag>
          {event.drill && <Tag tone="drill">{speak('app/drill')}</Tag>}
          <span className="end">
            <Clock at={event.opened_at} />
          </span>
        </span>
        <span className="line">
          {speak.word('mass', `kind/${event.kind}`)} · {speak('mass/summary', { done: reached(figures), n: figures.people })}
        </span>
        <span className="line small">
          {event.enrolling && <span>{speak('mass/enrolling')}</span>}
          {figures.needs_transfer > 0 && <Tag tone="alert">{`${speak('massState/needs_transfer')} ${figures.needs_transfer}`}</Tag>}
          {figures.missing > 0 && <Tag tone="alert">{`${speak('massState/missing')} ${figures.missing}`}</Tag>}
        </span>
      </button>
    </li>
  )
}

export function Events({ selected, choose }: { selected: string | null; choose: (id: string) => void }) {
  const speak = useSpeak()
  const { items, error, isPending, hasNextPage, fetchNextPage } = useEvents()
  const { list, onKeyDown } = useSteps()
  const [opening, setOpening] = useState(false)
  return (
    <>
      <div className="finding">
        <Button variant="contained" onClick={() => setOpening(true)}>
          {speak('mass/new')}
        </Button>
      </div>
      <nav className="queue" ref={list} onKeyDown={onKeyDown} aria-label={speak('mass/title')}>
        {isPending && <p className="quiet empty">{speak('common/loading')}</p>}
        {error !== null && <p className="danger">{speak.problem(error)}</p>}
        {!isPending && error === null && items.length === 0 && <p className="quiet empty">{speak('mass/none')}</p>}
        <ul>
          {items.map((event) => (
            <Row key={event.event} event={event} selected={selected === event.event || selected === event.incident} choose={choose} />
          ))}
        </ul>
        {hasNextPage && (
          <Button fullWidth color="inherit" onClick={() => void fetchNextPage()}>
            {speak('mass/more')}
          </Button>
        )}
      </nav>
      {opening && <NewRollCall close={() => setOpening(false)} opened={choose} />}
    </>
  )
}
