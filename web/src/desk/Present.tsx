import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { ElderCard, FalsePressPlan, IncidentRow } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { usePut } from '../kernel/put'
import { localInput, serverClock } from '../kernel/time'
import { Ask } from '../ui/Ask'
import { Glyph } from '../ui/Marks'
import { type Status, StatusForm } from '../ui/StatusForm'
import { Distance } from '../ui/Times'
import { wordsOf } from './draft'

const ROOT = 'incident'
const WEEK_MS = 7 * 24 * 3_600_000

const planOf = (elder: ElderCard) => `/elders/${encodeURIComponent(elder.id)}/plan`

function Plan({ elder, close }: { elder: ElderCard; close: () => void }) {
  const speak = useSpeak()
  const { command, put } = usePut(ROOT)
  const [until, setUntil] = useState(() => localInput(Date.now() + WEEK_MS - 3_600_000))
  const body: FalsePressPlan = { until: new Date(until || Date.now()).toISOString() }
  return (
    <Ask title={speak('status/planSet')} action={speak('status/action')} ready={until !== ''} command={command} close={close} send={() => put(planOf(elder), body)}>
      <p>{speak('status/planBody')}</p>
      <TextField fullWidth required type="datetime-local" label={speak('status/to')} value={until} slotProps={{ inputLabel: { shrink: true } }} onChange={(event) => setUntil(event.target.value)} />
    </Ask>
  )
}

function Signed({ elder }: { elder: ElderCard }) {
  const speak = useSpeak()
  const { command, put } = usePut(ROOT)
  if (!elder.plan_until || Date.parse(elder.plan_until) < serverClock.now()) return null
  return (
    <p className="health">
      {speak('status/plan', { until: new Date(elder.plan_until).toLocaleString(speak.lang, { dateStyle: 'short', timeStyle: 'short' }) })}{' '}
      <Button color="inherit" disabled={command.busy !== null} onClick={() => void put(planOf(elder), { until: null } satisfies FalsePressPlan)}>
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
      {form === 'status' && <StatusForm elder={elder.id} first={elder.status as Status} root={ROOT} draft={wordsOf(row.incident, 'status')} close={() => setForm(null)} />}
      {form === 'plan' && <Plan elder={elder} close={() => setForm(null)} />}
    </>
  )
}
