import Button from '@mui/material/Button'
import { useState } from 'react'
import { useSpeak } from '../kernel/i18n'
import { ApiError } from '../kernel/api'
import type { Queued } from '../kernel/outbox/types'
import { Glyph } from '../ui/Marks'
import { Clock } from '../ui/Times'
import { useField, useWaiting } from './live'

/** What is answered at the first try needs no word. */
const QUIET_TRIES = 1

function Line({ item }: { item: Queued }) {
  const speak = useSpeak()
  const { outbox } = useField()
  const [asking, setAsking] = useState(false)
  const refused = item.state === 'refused'
  const what = speak.word('pressed', item.what)
  const note = item.body?.['note']
  return (
    <li data-state={item.state}>
      <Glyph name={refused ? 'warn' : 'wait'} size={22} />
      <div>
        <strong>{what}</strong>
        <span className="quiet">
          {' '}
          <Clock at={item.at} /> {speak('queue/pressed')}
        </span>
        <p>{refused && item.problem ? speak.problem(new ApiError(item.problem.status, item.problem)) : speak('queue/noNetwork')}</p>
        {refused && typeof note === 'string' && note !== '' && <p className="quiet">{speak('queue/written', { text: note })}</p>}
        {!item.stored && <p className="danger">{speak('queue/notStored')}</p>}
        {asking ? (
          <div className="pair" role="group" aria-label={speak('queue/dropAsk', { what })}>
            <p>{speak('queue/dropAsk', { what })}</p>
            <Button variant="outlined" color="inherit" onClick={() => setAsking(false)}>
              {speak('common/cancel')}
            </Button>
            <Button variant="contained" onClick={() => void outbox.drop(item.key)}>
              {speak('queue/drop')}
            </Button>
          </div>
        ) : (
          <div className="pair">
            <Button variant="outlined" color="inherit" onClick={() => (refused ? void outbox.again(item.key) : outbox.nudge())}>
              {speak(refused ? 'queue/again' : 'queue/now')}
            </Button>
            <Button color="inherit" onClick={() => setAsking(true)}>
              {speak(refused ? 'queue/drop' : 'queue/undo')}
            </Button>
          </div>
        )}
      </div>
    </li>
  )
}

/** What has been pressed and not yet been accepted by the platform: how much, since when, and why not. */
export function Waiting() {
  const speak = useSpeak()
  const all = useWaiting()
  const stuck = all.some(({ tries }) => tries >= QUIET_TRIES)
  const items = all.filter(({ state }) => stuck || state === 'refused')
  const refused = items.filter(({ state }) => state === 'refused').length
  const words = [
    items.length > refused ? speak('queue/waiting', { n: items.length - refused }) : '',
    refused > 0 ? speak('queue/refused', { n: refused }) : '',
  ]
  return (
    <section className="waiting" role="status" aria-label={speak('queue/title')} hidden={items.length === 0}>
      {items.length > 0 && (
        <details open={refused > 0}>
          <summary>
            <Glyph name={refused > 0 ? 'warn' : 'wait'} size={20} />
            {words.filter(Boolean).join(' · ')}
          </summary>
          <ul>
            {items.map((item) => (
              <Line key={item.key} item={item} />
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}
