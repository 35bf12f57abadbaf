import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { EventView, Mark, PersonLine } from '../generated/http'
import { useDraft } from '../kernel/drafts'
import { useSpeak } from '../kernel/i18n'
import { Ask } from '../ui/Ask'
import { Choices } from '../ui/Choices'
import { eventPath, useSend } from './api'
import { complete, type PersonState, STATES, wantsOf } from './person'

const HOWS = ['call', 'visit', 'list'] as const
const CALLS = ['answered', 'no_answer', 'busy', 'off'] as const

interface AlsoProps {
  people: PersonLine[]
  chosen: readonly string[]
  choose: (chosen: string[]) => void
}

/** Who lives there too: one call may do for all. */
function Also({ people, chosen, choose }: AlsoProps) {
  if (people.length === 0) return null
  const toggle = (elder: string, on: boolean) => choose(on ? [...chosen, elder] : chosen.filter((one) => one !== elder))
  return (
    <div>
      {people.map(({ elder, name }) => (
        <FormControlLabel key={elder} control={<Checkbox checked={chosen.includes(elder)} onChange={(_, on) => toggle(elder, on)} />} label={name} />
      ))}
    </div>
  )
}

interface MarkFormProps {
  one: PersonLine
  view: EventView
  of: PersonLine[]
  close: () => void
}

/** Everything that can be found out about somebody, and about those who live with her. */
export function MarkForm({ one, view, of, close }: MarkFormProps) {
  const speak = useSpeak()
  const order = useSend()
  const [state, setState] = useState<PersonState | null>(null)
  const [how, setHow] = useState<(typeof HOWS)[number]>('call')
  const [call, setCall] = useState<(typeof CALLS)[number]>('answered')
  const [also, setAlso] = useState<string[]>([])
  const words = `mark ${view.event} ${one.elder} `
  const [place, setPlace] = useDraft(`${words}place`, one.place ?? '')
  const [company, setCompany] = useDraft(`${words}with`, one.with_whom ?? '')
  const [note, setNote] = useDraft(`${words}note`)
  const wants = wantsOf(state)
  const body: Mark = { elders: [one.elder, ...also], state, how, call: how === 'call' ? call : null, place: wants.place ? place : '', with_whom: wants.place ? company : '', note }
  const send = async () => (await order.send({ path: eventPath(view.event, '/mark'), body })) !== null
  const together = of.filter(({ elder }) => one.same_home.includes(elder))
  return (
    <Ask title={speak('mass/markTitle', { who: one.name })} action={speak('common/save')} ready={complete(body)} command={order} draft={words} close={close} send={send}>
      <Also people={together} chosen={also} choose={setAlso} />
      <Choices label={speak('mass/columns/state')} value={state} options={STATES} words={(option) => speak.word('massState', option)} choose={setState} />
      <Choices label={speak('mass/how')} value={how} options={HOWS} words={(option) => speak.word('mass', `hows/${option}`)} choose={setHow} />
      {how === 'call' && <Choices label={speak('mass/call')} value={call} options={CALLS} words={(option) => speak.word('callResult', option)} choose={setCall} />}
      {wants.place && <TextField fullWidth required label={speak('mass/place')} value={place} onChange={(event) => setPlace(event.target.value)} />}
      {wants.place && <TextField fullWidth required={wants.with} label={speak('mass/with')} value={company} onChange={(event) => setCompany(event.target.value)} />}
      <TextField fullWidth required={wants.note} label={speak('mass/note')} value={note} onChange={(event) => setNote(event.target.value)} />
    </Ask>
  )
}
