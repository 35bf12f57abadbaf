import Button from '@mui/material/Button'
import { useState } from 'react'
import type { ElderState, TemporaryAddress } from '../../generated/http'
import { useDraft } from '../../kernel/drafts'
import { type Speak, useSpeak } from '../../kernel/i18n'
import { usePut } from '../../kernel/put'
import { instantOf, localInput, serverClock, useSecond } from '../../kernel/time'
import { Ask } from '../../ui/Ask'
import { Field } from '../../ui/Field'
import { Tag } from '../../ui/Marks'
import { type Status, StatusForm } from '../../ui/StatusForm'
import { ROOT } from '../api'
import { elderPath, useWhereabouts } from './api'
import { Sure } from './Forms'
import { Part } from './Part'
import { presentOf, staysAt } from './present'

const local = (iso: string | null): string => (iso === null ? '' : localInput(Date.parse(iso)))
const when = (iso: string, { lang }: Speak): string => new Date(iso).toLocaleString(lang, { dateStyle: 'medium', timeStyle: 'short' })

function periodOf(from: string | null, until: string | null, speak: Speak): string {
  if (from === null) return until === null ? '' : speak('status/placeUntil', { until: when(until, speak) })
  return until === null ? speak('status/since', { from: when(from, speak) }) : speak('status/until', { from: when(from, speak), until: when(until, speak) })
}

interface FormProps {
  elder: string
  close: () => void
}

const within = (text: string, most: number): boolean => text.trim() !== '' && Math.abs(Number(text)) <= most
const PLACED = ['address', 'lat', 'lon', 'until'] as const

function StayForm({ elder, known, close }: FormProps & { known: ElderState | null }) {
  const speak = useSpeak()
  const { command, wrong, put } = usePut(ROOT, PLACED)
  const draft = `record ${elder} stay `
  const [address, setAddress] = useDraft(`${draft}address`, known?.temp_address ?? '')
  const [lat, setLat] = useState(String(known?.temp_lat ?? ''))
  const [lon, setLon] = useState(String(known?.temp_lon ?? ''))
  const [until, setUntil] = useState(local(known?.temp_until ?? null))
  const body: TemporaryAddress = { address: address.trim(), lat: Number(lat), lon: Number(lon), until: instantOf(until) }
  const ready = address.trim() !== '' && within(lat, 90) && within(lon, 180) && until !== ''
  return (
    <Ask title={speak('status/place')} action={speak('common/save')} ready={ready} command={command} draft={draft} close={close} send={() => put(elderPath(elder, '/temporary-address'), body)}>
      <p className="quiet">{speak('registry/stayHint')}</p>
      <Field required label={speak.word('elderField', 'address')} value={address} most={300} change={setAddress} wrong={wrong('address')} />
      <Field required label={speak.word('elderField', 'lat')} value={lat} most={12} change={setLat} wrong={wrong('lat')} />
      <Field required label={speak.word('elderField', 'lon')} value={lon} most={12} change={setLon} wrong={wrong('lon')} />
      <Field required type="datetime-local" label={speak('status/to')} value={until} change={setUntil} hint={speak('registry/stayUntilHint')} wrong={wrong('until')} />
    </Ask>
  )
}

function Now({ it }: { it: ElderState }) {
  const speak = useSpeak()
  const [form, setForm] = useState<Status | null>(null)
  const { status, since, until, source, coming } = presentOf(it, serverClock.now())
  const said = (who: string | null) => who && <span className="quiet">{speak('registry/said', { source: who })}</span>
  return (
    <>
      <p className="line">
        <Tag tone={status === 'home' ? 'plain' : 'warn'}>{speak.word('elderStatus', status)}</Tag>
        <span>{periodOf(since, until, speak)}</span>
        {said(source)}
        <span className="end">
          {status !== 'home' && <Button onClick={() => setForm('home')}>{speak('registry/backHome')}</Button>}
          <Button color="inherit" onClick={() => setForm(status as Status)}>
            {speak('status/set')}
          </Button>
        </span>
      </p>
      {coming && (
        <p className="line">
          <span>{speak('registry/coming', { status: speak.word('elderStatus', it.status) })}</span>
          <span>{periodOf(it.status_from, it.status_until, speak)}</span>
          {said(it.status_source)}
          <span className="end">
            <Button color="inherit" onClick={() => setForm('home')}>
              {speak('registry/callOff')}
            </Button>
          </span>
        </p>
      )}
      {form !== null && <StatusForm elder={it.elder} first={form} root={ROOT} draft={`record ${it.elder} status `} close={() => setForm(null)} />}
    </>
  )
}

function Stay({ it }: { it: ElderState }) {
  const speak = useSpeak()
  const [form, setForm] = useState<'set' | 'end' | null>(null)
  const { command, put } = usePut(ROOT)
  const place = staysAt(it, serverClock.now())
  const change = (
    <Button color="inherit" onClick={() => setForm('set')}>
      {speak(place === null ? 'registry/setStay' : 'registry/changeStay')}
    </Button>
  )
  return (
    <>
      <p className="line">
        <span className="quiet">{speak('status/place')}</span>
        <span>{place ?? speak('registry/noStay')}</span>
        {place !== null && <span>{periodOf(null, it.temp_until, speak)}</span>}
        <span className="end">
          {place !== null && <Button onClick={() => setForm('end')}>{speak('registry/endStay')}</Button>}
          {change}
        </span>
      </p>
      {form === 'set' && <StayForm elder={it.elder} known={place === null ? null : it} close={() => setForm(null)} />}
      {form === 'end' && <Sure title={speak('registry/endStayTitle')} action={speak('registry/endStay')} command={command} send={() => put(elderPath(it.elder, '/temporary-address'), {})} close={() => setForm(null)} />}
    </>
  )
}

/** How she is at present and where she stays, until when, and who said so. */
export function Whereabouts({ elder }: { elder: string }) {
  const speak = useSpeak()
  const { data, error } = useWhereabouts(elder)
  useSecond()
  return (
    <Part id="present" title={speak('status/title')}>
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {data && <Now it={data} />}
      {data && <Stay it={data} />}
    </Part>
  )
}
