import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { shrink } from '../field/evidence/picture'
import type { EvidenceLine, EvidenceList, VisitReport } from '../generated/http'
import { act, API, newKey, request } from '../kernel/api'
import { type Speak, useSpeak } from '../kernel/i18n'
import { clockTime, serverClock } from '../kernel/time'
import { Picker } from '../ui/Picker'
import { Clock } from '../ui/Times'
import './evidence.css'

const PICTURES: ReadonlySet<string> = new Set(['photo', 'signature', 'person'])
const addressOf = ({ id }: EvidenceLine): string => `${API}/evidence/${id}`

const useEvidence = (incident: string, ver: number) =>
  useQuery({
    queryKey: ['evidence', incident, ver],
    queryFn: ({ signal }) => request<EvidenceList>(`/incidents/${incident}/evidence`, { signal }),
    placeholderData: (before) => before,
  })

/** What was seen at the visit, in words. */
export function reportWords(speak: Speak, report: VisitReport): string[] {
  const seen = (['fell', 'injured'] as const).filter((one) => report[one]).map((one) => speak(`handin/${one}`))
  const missing = (report.missing ?? []).map((one) => speak(`handin/lacking/${one}`))
  return [
    seen.length > 0 ? seen.join(speak('handin/and')) : speak('handin/nothingSeen'),
    ...(report.unsigned ? [speak('handin/why', { why: speak(`handin/unsigned/${report.unsigned}`) })] : []),
    ...(missing.length > 0 ? [speak('handin/missing', { what: missing.join(speak('handin/and')) })] : []),
  ]
}

function Meta({ line }: { line: EvidenceLine }) {
  const speak = useSpeak()
  return (
    <p className="small quiet">
      <Clock at={line.at} /> {speak('handin/by', { who: line.by })}
      {line.taken_at && ` · ${speak('handin/taken', { time: clockTime(line.taken_at, speak.lang) })}`}
    </p>
  )
}

function Large({ line, close }: { line: EvidenceLine; close: () => void }) {
  const speak = useSpeak()
  const what = speak(`handin/kind/${line.kind}`)
  return (
    <Dialog open maxWidth="lg" onClose={close} aria-labelledby="large-title">
      <figure className="large">
        <h2 id="large-title">{what}</h2>
        <img src={addressOf(line)} alt={what} />
        <figcaption>
          <Meta line={line} />
          <p className="small code">
            {speak('handin/hash')} SHA-256 {line.sha256}
          </p>
        </figcaption>
        <div className="pair">
          <Button component="a" variant="outlined" color="inherit" href={addressOf(line)} download>
            {speak('handin/save')}
          </Button>
          <Button variant="contained" autoFocus onClick={close}>
            {speak('handin/close')}
          </Button>
        </div>
      </figure>
    </Dialog>
  )
}

function Picture({ line }: { line: EvidenceLine }) {
  const speak = useSpeak()
  const [large, setLarge] = useState(false)
  const what = speak(`handin/kind/${line.kind}`)
  return (
    <li>
      <button type="button" className="thumb" aria-label={speak('handin/open', { what })} onClick={() => setLarge(true)}>
        <img src={addressOf(line)} alt="" loading="lazy" />
        <span>{what}</span>
      </button>
      <Meta line={line} />
      {large && <Large line={line} close={() => setLarge(false)} />}
    </li>
  )
}

function Said({ line }: { line: EvidenceLine }) {
  const speak = useSpeak()
  return (
    <li>
      <audio controls preload="none" src={addressOf(line)} aria-label={speak('handin/play')} />
      <Meta line={line} />
    </li>
  )
}

function Report({ line, report }: { line: EvidenceLine; report: VisitReport }) {
  const speak = useSpeak()
  return (
    <li>
      {reportWords(speak, report).map((words) => (
        <p key={words}>{words}</p>
      ))}
      <Meta line={line} />
    </li>
  )
}

/** The desk puts up a picture of who is missing, for those who search. */
function AddPerson({ incident, added }: { incident: string; added: () => void }) {
  const speak = useSpeak()
  const [state, setState] = useState<'idle' | 'sending' | 'sent'>('idle')
  const [problem, setProblem] = useState<string | null>(null)
  const send = async ([file]: readonly File[]) => {
    if (!file) return
    setState('sending')
    setProblem(null)
    try {
      const blob = await shrink(file).catch(() => null)
      if (!blob) throw new Error(speak('handin/notAPicture'))
      const taken = encodeURIComponent(new Date(serverClock.now()).toISOString())
      await act<EvidenceLine>(`/incidents/${incident}/evidence/${newKey()}?taken_at=${taken}`, { method: 'PUT', blob })
      setState('sent')
      added()
    } catch (error) {
      setState('idle')
      setProblem(error instanceof Error && error.constructor === Error ? error.message : speak.problem(error))
    }
  }
  return (
    <div className="add">
      <Picker label={speak('handin/addPerson')} accept="image/*" disabled={state === 'sending'} take={(files) => void send(files)}>
        {speak('handin/addPerson')}
      </Picker>
      <p className="small quiet">{speak('handin/personHint')}</p>
      <p role="status" className="small">
        {state !== 'idle' && speak(`handin/${state}`)}
      </p>
      {problem && (
        <p role="alert" className="danger">
          {problem}
        </p>
      )}
    </div>
  )
}

interface EvidenceProps {
  incident: string
  /** Read again whenever the incident has changed. */
  ver: number
  /** Somebody may have to be searched for. */
  missing: boolean
}

/** What those who went handed in: photos, signature, spoken note, what they saw; and what is still missing. */
export function Evidence({ incident, ver, missing }: EvidenceProps) {
  const speak = useSpeak()
  const { data, error, refetch } = useEvidence(incident, ver)
  if (!data) return error === null ? null : <p role="alert">{speak.problem(error)}</p>
  if (data.items.length + data.wanted.length === 0 && !missing) return null
  const of = (wanted: (line: EvidenceLine) => boolean) => data.items.filter(wanted)
  const wanted = data.wanted.map((one) => speak(`handin/lacking/${one}`)).join(speak('handin/and'))
  return (
    <section className="evidence" aria-labelledby="p-evidence">
      <h2 id="p-evidence">{speak('handin/title')}</h2>
      {wanted && <p className="small">{speak('handin/wanted', { what: wanted })}</p>}
      {data.items.length === 0 && <p className="quiet">{speak('handin/none')}</p>}
      <ul>
        {of(({ kind }) => kind === 'report').map((line) => line.report && <Report key={line.id} line={line} report={line.report} />)}
        {of(({ kind }) => kind === 'voice').map((line) => (
          <Said key={line.id} line={line} />
        ))}
      </ul>
      <ul className="pictures">
        {of(({ kind }) => PICTURES.has(kind)).map((line) => (
          <Picture key={line.id} line={line} />
        ))}
      </ul>
      {missing && <AddPerson incident={incident} added={() => void refetch()} />}
    </section>
  )
}
