import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { type FormEvent, useState } from 'react'
import type { NewTicket, TicketMade, WallTicket } from '../../generated/http'
import { copy } from '../../kernel/clipboard'
import { useSpeak } from '../../kernel/i18n'
import { Clock } from '../../ui/Times'
import { useGoing } from './address'
import { useCommand, useTickets } from './api'
import { Sheet, Table, Waiting } from './parts'

const DAYS = 90

/** The address is told once: whoever has it sees the wall, so it is not kept. */
function Made({ made }: { made: TicketMade }) {
  const speak = useSpeak()
  const link = new URL(made.link, location.origin).href
  return (
    <div className="notice" data-tone="calm" role="status">
      <div>
        <strong>{speak('reports/wallMade', { label: made.label })}</strong>
        <span className="code">{link}</span>
      </div>
      <Button variant="contained" onClick={() => void copy(link)}>
        {speak('common/copy')}
      </Button>
      <Button variant="outlined" color="inherit" href={link} target="_blank">
        {speak('reports/wallOpen')}
      </Button>
    </div>
  )
}

function NewWall({ division }: { division: string }) {
  const speak = useSpeak()
  const command = useCommand()
  const [label, setLabel] = useState('')
  const [made, setMade] = useState<TicketMade | null>(null)
  const make = async (event: FormEvent) => {
    event.preventDefault()
    const ticket = await command.send<TicketMade>({ path: '/wallboard/tickets', body: { label: label.trim(), division, days: DAYS } satisfies NewTicket })
    if (ticket) setMade(ticket)
    if (ticket) setLabel('')
  }
  return (
    <>
      <form className="one-line" onSubmit={(event) => void make(event)}>
        <TextField label={speak('reports/wallLabel')} required value={label} slotProps={{ htmlInput: { maxLength: 64 } }} onChange={(event) => setLabel(event.target.value)} />
        <Button type="submit" variant="contained" disabled={label.trim() === '' || command.busy !== null}>
          {speak('reports/wallNew', { n: DAYS })}
        </Button>
      </form>
      {command.problem !== null && (
        <p className="danger" role="alert">
          {speak.problem(command.problem)}
        </p>
      )}
      {made && <Made made={made} />}
    </>
  )
}

function Row({ ticket }: { ticket: WallTicket }) {
  const speak = useSpeak()
  const command = useCommand()
  const [sure, setSure] = useState(false)
  return (
    <tr>
      <th scope="row">{ticket.label}</th>
      <td>{ticket.name}</td>
      <td>{ticket.made_by}</td>
      <td>
        <Clock at={ticket.expires_at} />
      </td>
      <td>
        <Clock at={ticket.used_at} />
      </td>
      <td>
        <Button
          variant="outlined"
          color={sure ? 'error' : 'inherit'}
          disabled={command.busy !== null}
          onClick={() => (sure ? void command.send({ path: `/wallboard/tickets/${ticket.ticket}`, method: 'DELETE' }) : setSure(true))}
        >
          {speak(sure ? 'reports/wallEndSure' : 'reports/wallEnd')}
        </Button>
      </td>
    </tr>
  )
}

const COLUMNS = ['wall', 'place', 'madeBy', 'expires', 'used', 'end'] as const

/** Screens on a wall: who may show what, for how long, ended in one click. */
export function Walls({ widest }: { widest: string }) {
  const speak = useSpeak()
  const { given } = useGoing()
  const { data, error } = useTickets()
  return (
    <Sheet title={speak('reportsPage/walls')}>
      <p className="quiet">{speak('reports/wallBody')}</p>
      <NewWall division={given['division'] ?? widest} />
      {!data && <Waiting error={error} />}
      {data && data.items.length > 0 && (
        <Table title={speak('reports/wallList')} head={COLUMNS.map((one) => speak(`reports/column/${one}`))}>
          {data.items.map((ticket) => (
            <Row key={ticket.ticket} ticket={ticket} />
          ))}
        </Table>
      )}
    </Sheet>
  )
}
