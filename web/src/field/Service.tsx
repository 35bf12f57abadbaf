import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { JobView, OrderView, PersonNamed, Proof, Proved } from '../generated/http'
import { act, request } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { hourMinute } from '../kernel/time'
import { Glyph } from '../ui/Marks'
import { Clock, Distance } from '../ui/Times'

type Phase = Proof['phase']

/** The order that is worked as this job, or null for a call for help. */
export const orderOf = ({ kind, incident }: Pick<JobView, 'kind' | 'incident'>): string | null => (kind === 'order' ? incident.replace(/-\d+$/, '') : null)

/** What may be shown now: coming until she has been met, then leaving. */
export const phaseOf = ({ mine }: Pick<JobView, 'mine'>): Phase => (mine?.with_elder_at ? 'leave' : 'arrive')

const EXACT_MS = 20_000

function here(): Promise<GeolocationPosition> {
  return new Promise((done, fail) => navigator.geolocation.getCurrentPosition(done, fail, { enableHighAccuracy: true, timeout: EXACT_MS, maximumAge: 0 }))
}

function useProof(order: string, phase: Phase) {
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const [nowhere, setNowhere] = useState(false)
  const show = async (proof: () => Promise<Proof>) => {
    setBusy(true)
    setProblem(null)
    setNowhere(false)
    try {
      const body = await proof().catch(() => null)
      if (body) await act<Proved>(`/orders/${order}/proof`, { body })
      else setNowhere(true)
      await queries.invalidateQueries({ queryKey: ['order', order] })
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const byPosition = () =>
    show(async () => {
      const { coords } = await here()
      return { phase, kind: 'position', lat: coords.latitude, lon: coords.longitude, accuracy_m: coords.accuracy }
    })
  const byCode = (code: string) => show(() => Promise.resolve({ phase, kind: 'home_code', code }))
  return { busy, problem, nowhere, byPosition, byCode }
}

function Show({ order, view, phase }: { order: string; view: OrderView; phase: Phase }) {
  const speak = useSpeak()
  const [code, setCode] = useState('')
  const proof = useProof(order, phase)
  const wanted = phase === 'arrive' ? view.evidence_arrive : view.evidence_leave
  const held = view.proofs.some((one) => one.phase === phase && one.holds)
  if (wanted.length === 0 || held) return null
  return (
    <div className="proof">
      <p>{speak(`service/${phase}`)}</p>
      {wanted.includes('position') && (
        <Button fullWidth variant="outlined" color="inherit" disabled={proof.busy} startIcon={<Glyph name="pin" />} onClick={() => void proof.byPosition()}>
          {speak('service/position')}
        </Button>
      )}
      {wanted.includes('home_code') && (
        <div className="pair">
          <TextField label={speak('service/code')} value={code} onChange={(event) => setCode(event.target.value)} />
          <Button variant="outlined" color="inherit" disabled={proof.busy || code.trim() === ''} onClick={() => void proof.byCode(code.trim())}>
            {speak('service/show')}
          </Button>
        </div>
      )}
      {wanted.includes('button') && <p className="quiet">{speak('service/button')}</p>}
      {proof.nowhere && <p className="danger" role="alert">{speak('service/nowhere')}</p>}
      {proof.problem !== null && <p className="danger" role="alert">{speak.problem(proof.problem)}</p>}
    </div>
  )
}

function Shown({ view }: { view: OrderView }) {
  const speak = useSpeak()
  return (
    <ul>
      {view.proofs.map((one) => (
        <li key={one.proof}>
          <Clock at={one.at} /> {speak(`service/phase/${one.phase}`)} · {speak(`service/kind/${one.kind}`)} · <strong>{speak(one.holds ? 'service/holds' : 'service/fails')}</strong> {one.dist_m !== null && <Distance metres={one.dist_m} />}
        </li>
      ))}
    </ul>
  )
}

/** 机构派员: the organisation that took the job says who goes. */
function Name({ job }: { job: string }) {
  const speak = useSpeak()
  const queries = useQueryClient()
  const [who, setWho] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const send = async () => {
    setProblem(null)
    try {
      await act(`/jobs/${job}/person`, { body: { responder: who.trim() } satisfies PersonNamed })
      await queries.invalidateQueries({ queryKey: ['job', job] })
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <section className="proof" aria-labelledby="who-goes">
      <h2 id="who-goes">{speak('service/name')}</h2>
      <TextField fullWidth label={speak('service/person')} value={who} onChange={(event) => setWho(event.target.value)} />
      <Button fullWidth variant="contained" disabled={who.trim() === ''} onClick={() => void send()}>
        {speak('service/send')}
      </Button>
      {problem !== null && <p className="danger" role="alert">{speak.problem(problem)}</p>}
    </section>
  )
}

interface ServiceProps {
  view: JobView
  /** Whether the one who looks is an organisation. */
  provider: boolean
}

/** The service that was ordered: what, when, with how many, and what shows that one was there. */
export function Service({ view, provider }: ServiceProps) {
  const speak = useSpeak()
  const order = orderOf(view)
  const { data } = useQuery({
    queryKey: ['order', order, view.ver],
    queryFn: ({ signal }) => request<OrderView>(`/orders/${order ?? ''}`, { signal }),
    enabled: order !== null,
    placeholderData: (before) => before,
  })
  const mayName = provider && view.mine !== null && !view.mine.departed_at
  return (
    <>
      {mayName && <Name job={view.job} />}
      {order && data && (
        <section aria-labelledby="service">
          <h2 id="service">{speak.lang === 'en' && data.line.service_name_en ? data.line.service_name_en : data.line.service_name}</h2>
          <p>
            {hourMinute(data.line.window_from, speak.lang)}–{hourMinute(data.line.window_to, speak.lang)} · {speak('unit/minutes', { n: data.line.minutes })}
            {data.line.hands > 1 && ` · ${speak('service/hands', { n: data.line.hands })}`}
          </p>
          {view.mine && !view.mine.ended_at && <Show order={order} view={data} phase={phaseOf(view)} />}
          <Shown view={data} />
        </section>
      )}
    </>
  )
}
