import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { Account } from '../generated/http'
import { ApiError } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { serverClock } from '../kernel/time'
import { fetchDevice, useOrder } from '../things/api'
import { ago } from '../things/ago'
import { Ago } from '../things/Marks'
import { PickPlace, placeBody, type Where } from '../things/Place'
import { type Candidate, firstMeaning, freshEnough, kindOf, MEANT, type Meaning, suggestedId } from '../things/proposal'
import { Glyph, Tag } from '../ui/Marks'

const KINDS = ['button', 'wearable', 'sensor'] as const

function MeaningRows({ meaning, change }: { meaning: Meaning; change: (meaning: Meaning) => void }) {
  const speak = useSpeak()
  const set = (at: number, row: readonly [string, string]) => change(meaning.map((old, k) => (k === at ? row : old)))
  return (
    <fieldset className="meaning">
      <legend>{speak('bind/meaning')}</legend>
      {meaning.map(([word, kind], k) => (
        <div key={k} className="pair">
          <TextField label={speak('bind/word')} value={word} onChange={(event) => set(k, [event.target.value, kind])} />
          <TextField select label={speak('bind/means')} value={kind} onChange={(event) => set(k, [word, event.target.value])}>
            {MEANT.map((one) => (
              <MenuItem key={one} value={one}>
                {one === 'ignore' ? speak('bind/ignore') : speak.word('kind', one)}
              </MenuItem>
            ))}
          </TextField>
        </div>
      ))}
      <p className="more small quiet">
        {speak('bind/otherWords')}
        <Button color="inherit" onClick={() => change([...meaning, ['', 'sos']])}>
          {speak('bind/addWord')}
        </Button>
      </p>
    </fieldset>
  )
}

function Done({ device, rang, back, show }: { device: string; rang: boolean; back: () => void; show: (device: string) => void }) {
  const speak = useSpeak()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className="bound" role="status">
      <Glyph name="tick" size={40} />
      <h1 ref={heading} tabIndex={-1}>
        {speak('bind/done', { device })}
      </h1>
      {rang && <p>{speak('bind/doneRing')}</p>}
      <p className="quiet">{speak('bind/doneBody')}</p>
      <div className="pair">
        <Button variant="contained" onClick={() => show(device)}>
          {speak('bind/see')}
        </Button>
        <Button variant="outlined" color="inherit" onClick={back}>
          {speak('bind/next')}
        </Button>
      </div>
    </div>
  )
}

/** Whether the id that was typed is a device already. */
async function exists(id: string): Promise<boolean> {
  try {
    await fetchDevice(id)
    return true
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false
    throw error
  }
}

interface BindProps {
  candidate: Candidate
  account: Account
  back: () => void
  show: (device: string) => void
}

/** Filled but for who uses it: find her, Enter, bind. */
export function Bind({ candidate, account, back, show }: BindProps) {
  const speak = useSpeak()
  const order = useOrder()
  const { address, adapter, press } = candidate
  const [where, setWhere] = useState<Where | null>(null)
  const [id, setId] = useState(() => suggestedId(candidate))
  const [kind, setKind] = useState<string>(() => kindOf(candidate.pressed.length > 0 ? candidate.pressed : candidate.words))
  const [meaning, setMeaning] = useState<Meaning>(() => firstMeaning(candidate.words, candidate.pressed))
  const [ring, setRing] = useState(false)
  const [checking, setChecking] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const [bound, setBound] = useState<string | null>(null)
  const submitButton = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (where) submitButton.current?.focus()
  }, [where])

  const fresh = freshEnough(press, serverClock.now())
  const bodyOf = (known: boolean) => ({
    address,
    adapter,
    meaning: Object.fromEntries(meaning.filter(([word]) => word.trim() !== '').map(([word, means]) => [word.trim(), means])),
    ...(known ? { device: id } : { new: { id, kind, model: candidate.about || adapter } }),
    ...(where ? placeBody(where) : {}),
    division: where?.elder.division ?? account.division,
    ...(press ? { quarantine: press.quarantine } : {}),
    ring: ring && fresh,
  })
  const bind = async () => {
    setFailure(null)
    setChecking(true)
    try {
      const answer = await order.send<{ device: string }>({ path: '/bindings', body: bodyOf(await exists(id)) })
      if (answer) setBound(answer.device ?? id)
    } catch (error) {
      setFailure(error)
    } finally {
      setChecking(false)
    }
  }
  const busy = checking || order.busy !== null
  const ready = where !== null && id.trim() !== '' && !busy
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready) void bind()
  }
  const problem = failure ?? order.problem
  if (bound !== null) return <Done device={bound} rang={ring && fresh} back={back} show={show} />
  return (
    <form className="bind" onSubmit={submit} noValidate>
      <header className="head">
        <h1>{speak('bind/title', { name: candidate.name })}</h1>
        <p className="facts">
          <Tag>{speak.word('adapterName', adapter)}</Tag>
          <span className="code">{address}</span>
          {candidate.hub && <span>{speak('bind/hub', { id: candidate.hub })}</span>}
          <span className="quiet">{candidate.about}</span>
          <Ago at={candidate.at} />
        </p>
      </header>
      <div className="body">
        <section aria-labelledby="bind-who">
          <h2 id="bind-who">{speak('bind/who')}</h2>
          <PickPlace where={where} choose={setWhere} />
        </section>
        <section className="details">
          <div className="pair">
            <TextField label={speak('bind/device')} helperText={speak('bind/deviceHint')} required value={id} onChange={(event) => setId(event.target.value.trim())} />
            <TextField select label={speak('bind/kind')} value={kind} onChange={(event) => setKind(event.target.value)}>
              {KINDS.map((one) => (
                <MenuItem key={one} value={one}>
                  {speak.word('deviceKind', one)}
                </MenuItem>
              ))}
            </TextField>
          </div>
          <MeaningRows meaning={meaning} change={setMeaning} />
        </section>
        {press && (
          <div>
            <FormControlLabel disabled={!fresh} control={<Checkbox checked={ring && fresh} onChange={(_, on) => setRing(on)} />} label={speak('bind/ring')} />
            <p className="small quiet">{fresh ? speak('bind/ringHint', { ago: ago(press.last_at, speak, serverClock.now()) }) : speak('bind/ringLate')}</p>
          </div>
        )}
        {problem !== null && (
          <p className="danger" role="alert">
            {speak.problem(problem)}
          </p>
        )}
        <div className="send">
          <Button ref={submitButton} type="submit" variant="contained" className="primary" aria-disabled={!ready}>
            {speak(busy ? 'common/sending' : 'bind/do')}
          </Button>
          {!where && <span className="quiet">{speak('bind/needWho')}</span>}
        </div>
      </div>
    </form>
  )
}
