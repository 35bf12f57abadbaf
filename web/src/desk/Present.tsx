import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ElderCard, FalsePressPlan, IncidentRow, StatusChange } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { useOrderOf } from '../kernel/order'
import { localInput, serverClock } from '../kernel/time'
import { Ask } from '../ui/Ask'
import { Choices } from '../ui/Choices'
import { Distance } from '../ui/Times'
import { Glyph } from '../ui/Marks'
import { useDraft, wordsOf } from './draft'

const STATUSES = ['home', 'out', 'hospital', 'institution', 'moved', 'dead'] as const
const WEEK_MS = 7 * 24 * 3_600_000

interface FormProps {
  elder: ElderCard
  close: () => void
}

const pathOf = (elder: ElderCard, rest: string) => `/elders/${encodeURIComponent(elder.id)}/${rest}`

/** Sends a change of the elder herself; afterwards the incident is read again. */
function useChange() {
  const order = useOrderOf('elder')
  const queries = useQueryClient()
  const put = async (path: string, body: unknown): Promise<boolean> => {
    const done = await order.send({ path, body, method: 'PUT' })
    await queries.invalidateQueries({ queryKey: ['incident'] })
    return done !== null
  }
  return { order, put }
}

function Status({ elder, row, close }: FormProps & { row: IncidentRow }) {
  const speak = useSpeak()
  const words = wordsOf(row.incident, 'status')
  const { order, put } = useChange()
  const [status, setStatus] = useState<StatusChange['status']>(elder.status as StatusChange['status'])
  const [until, setUntil] = useState('')
  const [source, setSource] = useDraft(`${words}source`)
  const body: StatusChange = { status, source: source.trim(), until: until ? new Date(until).toISOString() : null }
  return (
    <Ask title={speak('status/title')} action={speak('status/action')} ready={source.trim() !== ''} command={order} draft={words} close={close} send={() => put(pathOf(elder, 'status'), body)}>
      <Choices label={speak('status/title')} value={status} options={STATUSES} words={(one) => speak.word('elderStatus', one)} choose={setStatus} />
      <TextField fullWidth type="datetime-local" label={`${speak('status/to')} (${speak('common/optional')})`} value={until} slotProps={{ inputLabel: { shrink: true } }} onChange={(event) => setUntil(event.target.value)} />
      <TextField fullWidth required label={speak('status/source')} value={source} onChange={(event) => setSource(event.target.value)} />
    </Ask>
  )
}

function Plan({ elder, close }: FormProps) {
  const speak = useSpeak()
  const { order, put } = useChange()
  const [until, setUntil] = useState(() => localInput(Date.now() + WEEK_MS - 3_600_000))
  const body: FalsePressPlan = { until: new Date(until || Date.now()).toISOString() }
  return (
    <Ask title={speak('status/planSet')} action={speak('status/action')} ready={until !== ''} command={order} close={close} send={() => put(pathOf(elder, 'plan'), body)}>
      <p>{speak('status/planBody')}</p>
      <TextField fullWidth required type="datetime-local" label={speak('status/to')} value={until} slotProps={{ inputLabel: { shrink: true } }} onChange={(event) => setUntil(event.target.value)} />
    </Ask>
  )
}

function Signed({ elder }: { elder: ElderCard }) {
  const speak = useSpeak()
  const { order, put } = useChange()
  if (!elder.plan_until || Date.parse(elder.plan_until) < serverClock.now()) return null
  return (
    <p className="health">
      {speak('status/plan', { until: new Date(elder.plan_until).toLocaleString(speak.lang, { dateStyle: 'short', timeStyle: 'short' }) })}{' '}
      <Button color="inherit" disabled={order.busy !== null} onClick={() => void put(pathOf(elder, 'plan'), { until: null } satisfies FalsePressPlan)}>
        {speak('status/planEnd')}
      </Button>
    </p>
  )
}

/** Where she is at present, what was signed, and whether the call came from somewhere else. */
export function Present({ elder, row }: { elder: ElderCard; row: IncidentRow }) {
  const speak = useSpeak()
  const [form, setForm] = useState<'status' | 'plan' | null>(null)
  return (
    <>
      {elder.status !== 'home' && (
        <p className="danger">
          <Glyph name="warn" size={18} /> {speak('status/elsewhere', { status: speak.word('elderStatus', elder.status) })}
        </p>
      )}
      {elder.temp_address && (
        <p className="health">
          <strong>{speak('status/place')}</strong> {elder.temp_address}
        </p>
      )}
      {row.away_m ? (
        <p className="danger">
          <Glyph name="pin" size={18} /> {speak('flag/address_mismatch')} · <Distance metres={row.away_m} />
        </p>
      ) : null}
      <Signed elder={elder} />
      {elder.break_in && <p className="quiet small">{speak('handoff/breakIn')}</p>}
      <p className="choose">
        <span className="quiet">{speak('status/at', { status: speak.word('elderStatus', elder.status) })}</span>
        <Button color="inherit" onClick={() => setForm('status')}>
          {speak('status/set')}
        </Button>
        <Button color="inherit" onClick={() => setForm('plan')}>
          {speak('status/planSet')}
        </Button>
      </p>
      {form === 'status' && <Status elder={elder} row={row} close={() => setForm(null)} />}
      {form === 'plan' && <Plan elder={elder} close={() => setForm(null)} />}
    </>
  )
}
