import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { ModeChange, ModeView } from '../generated/http'
import { useDraft } from '../kernel/drafts'
import { useSpeak } from '../kernel/i18n'
import { localInput } from '../kernel/time'
import { Ask } from '../ui/Ask'
import { Tag } from '../ui/Marks'
import { Clock } from '../ui/Times'
import { useMode, useWatch } from './api'

const HALF_DAY_MS = 12 * 3_600_000

function Switch({ division, war, close }: { division: string; war: boolean; close: () => void }) {
  const speak = useSpeak()
  const order = useWatch()
  const words = `mode ${division} `
  const [reason, setReason] = useDraft(`${words}reason`)
  const [until, setUntil] = useState(() => localInput(Date.now() + HALF_DAY_MS))
  const body: ModeChange = { war, reason, until: war && until ? new Date(until).toISOString() : null }
  const send = async () => (await order.send({ path: `/modes/${division}`, body })) !== null
  return (
    <Ask danger={war} title={speak(war ? 'mode/toWar' : 'mode/toPeace')} action={speak('common/confirm')} ready={reason.trim() !== '' && (!war || until !== '')} command={order} draft={words} close={close} send={send}>
      {war && <p>{speak('mode/warBody')}</p>}
      <TextField fullWidth required label={speak('mode/reason')} value={reason} onChange={(event) => setReason(event.target.value)} />
      {war && <TextField fullWidth required type="datetime-local" label={speak('mode/until')} value={until} slotProps={{ inputLabel: { shrink: true } }} onChange={(event) => setUntil(event.target.value)} />}
    </Ask>
  )
}

function Changes({ mode }: { mode: ModeView }) {
  const speak = useSpeak()
  if (mode.changes.length === 0) return <p className="quiet">{speak('mode/none')}</p>
  return (
    <ul className="lines">
      {mode.changes.map((one) => (
        <li key={`${one.at} ${one.division}`}>
          <Clock at={one.at} />
          <span>
            <strong>{speak(one.war ? 'mode/war' : 'mode/peace')}</strong> {speak('mode/by', { who: one.by, reason: one.reason })}{' '}
            <span className="quiet">{one.name ?? one.division}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}

/** 平战结合: how a division works at present, and the switch, which says why and until when. */
export function Mode({ division }: { division: string }) {
  const speak = useSpeak()
  const { data: mode, error } = useMode(division)
  const [asking, setAsking] = useState(false)
  return (
    <section aria-labelledby="mode">
      <h2 id="mode">{speak('mode/title')}</h2>
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {mode && (
        <>
          <p>
            <Tag tone={mode.war ? 'alert' : 'good'}>{speak('mode/now', { mode: speak(mode.war ? 'mode/war' : 'mode/peace') })}</Tag>
          </p>
          <p className="quiet">{speak('mode/warBody')}</p>
          <p>
            <Button variant="outlined" color={mode.war ? 'inherit' : 'error'} onClick={() => setAsking(true)}>
              {speak(mode.war ? 'mode/toPeace' : 'mode/toWar')}
            </Button>
          </p>
          <h3>{speak('mode/history')}</h3>
          <Changes mode={mode} />
          {asking && <Switch division={mode.war ? (mode.by_division ?? division) : division} war={!mode.war} close={() => setAsking(false)} />}
        </>
      )}
    </section>
  )
}
