import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { CloseEvent, EventView, NewEvent } from '../generated/http'
import { useDraft } from '../kernel/drafts'
import { useSpeak } from '../kernel/i18n'
import { listed } from '../kernel/listed'
import { Ask } from '../ui/Ask'
import { Choices } from '../ui/Choices'
import { eventPath, useRoll, useSend } from './api'
import { SETTLED } from './person'

const KINDS = ['storm', 'flood', 'heat', 'cold', 'fire', 'epidemic', 'other'] as const

const NEW = 'new roll-call '

export function NewRollCall({ close, opened }: { close: () => void; opened: (event: string) => void }) {
  const speak = useSpeak()
  const order = useSend()
  const [kind, setKind] = useState<(typeof KINDS)[number]>('storm')
  const [title, setTitle] = useDraft(`${NEW}title`)
  const [areas, setAreas] = useDraft(`${NEW}areas`)
  const [drill, setDrill] = useState(false)
  const body: NewEvent = { kind, title: title.trim(), areas: listed(areas), drill }
  const send = async () => {
    const view = await order.send<EventView>({ path: '/mass-events', body })
    if (view) opened(view.event)
    return view !== null
  }
  return (
    <Ask title={speak('mass/new')} action={speak('mass/action')} ready={title.trim() !== '' && listed(areas).length > 0} command={order} draft={NEW} close={close} send={send}>
      <Choices label={speak('mass/kindLabel')} value={kind} options={KINDS} words={(option) => speak.word('mass', `kind/${option}`)} choose={setKind} />
      <TextField fullWidth required label={speak('mass/name')} value={title} onChange={(event) => setTitle(event.target.value)} />
      <TextField fullWidth required label={speak('mass/area')} value={areas} onChange={(event) => setAreas(event.target.value)} />
      <FormControlLabel control={<Checkbox checked={drill} onChange={(_, on) => setDrill(on)} />} label={speak('mass/drill')} />
    </Ask>
  )
}

/** Whoever is neither safe nor home again is named, with what becomes of her. */
export function CloseRollCall({ view, close }: { view: EventView; close: () => void }) {
  const speak = useSpeak()
  const order = useSend()
  const { items } = useRoll(view.event, '', '')
  const words = `close ${view.event} `
  const [note, setNote] = useDraft(`${words}note`)
  const [kept, keep] = useDraft(`${words}reasons`, '{}')
  const reasons = JSON.parse(kept) as Record<string, string>
  const open = items.filter(({ state }) => !SETTLED.has(state))
  const named = open.map(({ elder }) => ({ elder, why: (reasons[elder] ?? '').trim() }))
  const body: CloseEvent = { note, named: named.filter(({ why }) => why !== '') }
  const send = async () => (await order.send({ path: eventPath(view.event, '/close'), body })) !== null
  return (
    <Ask title={speak('mass/closeTitle')} action={speak('mass/close')} ready={named.every(({ why }) => why !== '')} command={order} draft={words} close={close} send={send}>
      <p>{speak('mass/closeBody')}</p>
      {open.map(({ elder, name, state }) => (
        <TextField
          key={elder}
          fullWidth
          required
          label={`${name} · ${speak.word('massState', state)}`}
          value={reasons[elder] ?? ''}
          onChange={(event) => keep(JSON.stringify({ ...reasons, [elder]: event.target.value }))}
        />
      ))}
      <TextField fullWidth label={speak('mass/closeNote')} value={note} onChange={(event) => setNote(event.target.value)} />
    </Ask>
  )
}
