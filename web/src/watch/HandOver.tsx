import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { DutyBoard, MassHandOver } from '../generated/http'
import { useDraft } from '../kernel/drafts'
import { useSpeak } from '../kernel/i18n'
import { Ask } from '../ui/Ask'
import { LevelMark } from '../ui/Marks'
import { useHeld, useWatch } from './api'

const WORDS = 'hand-over '

/** What is still in hand, for the one who takes over as for the one who goes. */
function Held({ account }: { account: string }) {
  const speak = useSpeak()
  const held = useHeld(account)
  if (held.length === 0) return null
  return (
    <section aria-labelledby="held">
      <h3 id="held">{speak('seat/held')}</h3>
      <ul className="lines">
        {held.map((row) => (
          <li key={row.incident}>
            <LevelMark priority={row.priority} size={20} />
            <span>
              {speak.word('kind', row.kind)} {row.name_masked} {row.place} <span className="quiet">{speak.word('incidentState', row.state)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Gives the watch to somebody who is there, with what is still to do. */
export function HandOver({ board, close }: { board: DutyBoard; close: () => void }) {
  const speak = useSpeak()
  const order = useWatch()
  const [to, setTo] = useState('')
  const [note, setNote] = useDraft(`${WORDS}note`)
  const seats = board.posts.flatMap(({ seats, name, division }) => seats.map((seat) => ({ ...seat, area: name ?? division })))
  const others = seats.filter(({ account }) => account !== board.mine?.account)
  const send = async () => (await order.send({ path: '/seats/hand-over', body: { to, note } satisfies MassHandOver })) !== null
  return (
    <Ask title={speak('seat/handOver')} action={speak('seat/handAction')} ready={to !== '' && note.trim() !== ''} command={order} draft={WORDS} close={close} send={send}>
      {board.mine && <Held account={board.mine.account} />}
      {others.length === 0 && <p className="danger">{speak('seat/handNone')}</p>}
      <fieldset>
        <legend>{speak('seat/handTo')}</legend>
        <RadioGroup aria-label={speak('seat/handTo')} value={to} onChange={(_, value) => setTo(value)}>
          {others.map((seat) => (
            <FormControlLabel key={seat.account} value={seat.account} control={<Radio />} label={`${seat.name} · ${seat.area}`} />
          ))}
        </RadioGroup>
      </fieldset>
      <TextField fullWidth required multiline minRows={3} label={speak('seat/handNote')} value={note} onChange={(event) => setNote(event.target.value)} />
    </Ask>
  )
}

/** Off duty without handing over, where others are still there. */
export function Leave({ close }: { close: () => void }) {
  const speak = useSpeak()
  const order = useWatch()
  const send = async () => (await order.send({ path: '/seats/leave' })) !== null
  return (
    <Ask title={speak('seat/leaveTitle')} action={speak('seat/leave')} ready command={order} close={close} send={send}>
      <p>{speak('seat/leaveBody')}</p>
    </Ask>
  )
}
