import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { ElderLine, IncidentView, NewDrill } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Ask } from '../ui/Ask'
import { Choices } from '../ui/Choices'
import { FindElder } from '../ui/FindElder'
import { listed } from '../kernel/listed'
import { useWatch } from './api'

const KINDS = ['sos', 'fall', 'smoke', 'gas', 'fence_exit'] as const

function Form({ close }: { close: () => void }) {
  const speak = useSpeak()
  const order = useWatch()
  const [elder, setElder] = useState<ElderLine | null>(null)
  const [kind, setKind] = useState<(typeof KINDS)[number]>('sos')
  const [people, setPeople] = useState('')
  const send = async () => {
    if (!elder) return false
    const body: NewDrill = { elder: elder.id, kind, people: listed(people) }
    return (await order.send<IncidentView>({ path: '/drills', body })) !== null
  }
  return (
    <Ask title={speak('drill/open')} action={speak('drill/action')} ready={elder !== null} command={order} close={close} send={send}>
      <p>{speak('drill/body')}</p>
      {elder ? (
        <p className="chosen">
          <span>
            <strong>{speak('phone/chosen', { name: elder.name_masked })}</strong> {elder.place}
          </span>
          <Button color="inherit" variant="outlined" onClick={() => setElder(null)}>
            {speak('phone/change')}
          </Button>
        </p>
      ) : (
        <FindElder choose={setElder} />
      )}
      <Choices label={speak('drill/kind')} value={kind} options={KINDS} words={(option) => speak.word('kind', option)} choose={setKind} />
      <TextField fullWidth label={speak('drill/people')} value={people} onChange={(event) => setPeople(event.target.value)} />
    </Ask>
  )
}

/** 演练 from the desk: marked everywhere, and nobody outside its list is told. */
export function Drill() {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  return (
    <section aria-labelledby="drill">
      <h2 id="drill">{speak('drill/title')}</h2>
      <p className="quiet">{speak('drill/body')}</p>
      <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
        {speak('drill/open')}
      </Button>
      {asking && <Form close={() => setAsking(false)} />}
    </section>
  )
}
