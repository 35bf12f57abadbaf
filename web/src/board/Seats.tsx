import Button from '@mui/material/Button'
import { useState } from 'react'
import type { Account, DutyBoard, PostLine, SeatLine } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Tag } from '../ui/Marks'
import { Clock } from '../ui/Times'
import { useDuty, useWatch } from '../watch/api'
import { Drill } from '../watch/Drill'
import { HandOver, Leave } from '../watch/HandOver'
import { Mode } from '../watch/Mode'

function Mine({ board }: { board: DutyBoard }) {
  const speak = useSpeak()
  const order = useWatch()
  const [asking, setAsking] = useState<'hand' | 'leave' | null>(null)
  const { mine } = board
  return (
    <div className="finding">
      {mine && (
        <p>
          <strong>{speak('seat/self')}</strong> {mine.name} <Tag tone="good">{speak('seat/on')}</Tag>{' '}
          <span className="small quiet block">
            <Clock at={mine.until} /> {speak('seat/next', { time: '' })}
          </span>
        </p>
      )}
      <div className="buttons">
        <Button variant={mine ? 'outlined' : 'contained'} color={mine ? 'inherit' : 'primary'} disabled={order.busy !== null} onClick={() => void order.send({ path: '/seats/confirm' })}>
          {speak(mine ? 'seat/yes' : 'seat/start')}
        </Button>
        {mine && (
          <>
            <Button variant="outlined" color="inherit" onClick={() => setAsking('hand')}>
              {speak('seat/handOver')}
            </Button>
            <Button variant="outlined" color="inherit" onClick={() => setAsking('leave')}>
              {speak('seat/leave')}
            </Button>
          </>
        )}
      </div>
      {order.problem !== null && (
        <p className="danger" role="alert">
          {speak.problem(order.problem)}
        </p>
      )}
      {asking === 'hand' && <HandOver board={board} close={() => setAsking(null)} />}
      {asking === 'leave' && <Leave close={() => setAsking(null)} />}
    </div>
  )
}

function Seat({ seat }: { seat: SeatLine }) {
  const speak = useSpeak()
  return (
    <span className="line">
      <strong>{seat.name}</strong>
      <span className="end small">
        <Clock at={seat.confirmed_at} /> {speak('seat/on')}
      </span>
    </span>
  )
}

function Post({ post }: { post: PostLine }) {
  const speak = useSpeak()
  return (
    <li className="row">
      <div className="still">
        <span className="line">
          <strong className="kind">{post.name ?? post.division}</strong>
          <span className="quiet">{post.division}</span>
          {post.covered_by && <Tag tone="warn">{speak('seat/covered', { by: post.covered_by })}</Tag>}
          {post.seats.length === 0 && !post.covered_by && <Tag tone="alert">{speak('seat/none')}</Tag>}
        </span>
        {post.seats.map((seat) => (
          <Seat key={seat.account} seat={seat} />
        ))}
      </div>
    </li>
  )
}

/** Who sits where, and one's own seat. */
export function Posts() {
  const speak = useSpeak()
  const { data: board, error } = useDuty()
  return (
    <>
      {board && <Mine board={board} />}
      <nav className="queue" aria-label={speak('seat/title')}>
        {!board && error === null && <p className="quiet empty">{speak('common/loading')}</p>}
        {error !== null && <p className="danger">{speak.problem(error)}</p>}
        <ul>{board?.posts.map((post) => <Post key={post.division} post={post} />)}</ul>
      </nav>
    </>
  )
}

function Notes() {
  const speak = useSpeak()
  const { data: board } = useDuty()
  const notes = board?.hand_overs ?? []
  return (
    <section aria-labelledby="notes">
      <h2 id="notes">{speak('seat/notes')}</h2>
      {notes.length === 0 && <p className="quiet">{speak('seat/noNotes')}</p>}
      <ul className="lines">
        {notes.map((one) => (
          <li key={one.id}>
            <Clock at={one.at} />
            <span>
              <strong>{speak('seat/from', { from: one.from_name, to: one.to_name })}</strong> {one.note} <span className="quiet">{one.incidents.join(' ')}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What was handed over, peace or war, drills. */
export function Watch({ account }: { account: Account }) {
  const speak = useSpeak()
  return (
    <article className="sheet" aria-label={speak('seat/title')}>
      <header className="head">
        <h1>{speak('seat/title')}</h1>
      </header>
      <div className="body">
        <Notes />
        <Mode division={account.division} />
        <Drill />
      </div>
    </article>
  )
}
