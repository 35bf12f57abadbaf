import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { AssignOrder, CancelOrder, ElderLine, NewOrder, OrdersCallBack, OrderView, Reschedule, ReturnOrder } from '../generated/http'
import { useDraft } from '../kernel/drafts'
import { useSpeak } from '../kernel/i18n'
import { listed } from '../kernel/listed'
import { localInput } from '../kernel/time'
import { Ask } from '../ui/Ask'
import { Choices } from '../ui/Choices'
import { FindElder } from '../ui/FindElder'
import { orderPath, useSend, useServices } from './api'

interface Window {
  from: string
  to: string
}

const iso = (local: string): string => new Date(local).toISOString()
const sound = ({ from, to }: Window): boolean => from !== '' && to !== '' && from < to

function WindowFields({ window: { from, to }, change }: { window: Window; change: (window: Window) => void }) {
  const speak = useSpeak()
  const field = (label: string, value: string, set: (value: string) => void) => (
    <TextField fullWidth required type="datetime-local" label={label} value={value} slotProps={{ inputLabel: { shrink: true } }} onChange={(event) => set(event.target.value)} />
  )
  return (
    <>
      {field(speak('orders/from'), from, (value) => change({ from: value, to }))}
      {field(speak('orders/to'), to, (value) => change({ from, to: value }))}
    </>
  )
}

function Service({ value, choose }: { value: string; choose: (service: string) => void }) {
  const speak = useSpeak()
  const { data } = useServices()
  const offered = data?.items.filter((one) => one.offered) ?? []
  return (
    <TextField select fullWidth required label={speak('orders/service')} value={value} onChange={(event) => choose(event.target.value)}>
      {offered.map((one) => (
        <MenuItem key={one.code} value={one.code}>
          {speak.lang === 'en' && one.name_en ? one.name_en : one.name} · {speak('orders/minutes', { n: one.minutes })}
        </MenuItem>
      ))}
    </TextField>
  )
}

const NEW = 'new order '
const ASKING = ['elder', 'family', 'nobody'] as const

export function NewOrderForm({ day, close, opened }: { day: string; close: () => void; opened: (order: string) => void }) {
  const speak = useSpeak()
  const order = useSend()
  const [elder, setElder] = useState<ElderLine | null>(null)
  const [service, setService] = useState('')
  const [window, setWindow] = useState<Window>({ from: `${day}T09:00`, to: `${day}T11:00` })
  const [asking, setAsking] = useState<(typeof ASKING)[number] | null>(null)
  const [note, setNote] = useDraft(`${NEW}note`)
  const send = async () => {
    const body: NewOrder = { elder: elder?.id ?? '', service, window_from: iso(window.from), window_to: iso(window.to), telephoned: asking === 'nobody' ? null : asking, note }
    const view = await order.send<OrderView>({ path: '/orders', body })
    if (view) opened(view.line.order)
    return view !== null
  }
  return (
    <Ask title={speak('orders/newTitle')} action={speak('orders/place')} ready={elder !== null && service !== '' && asking !== null && sound(window)} command={order} draft={NEW} close={close} send={send}>
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
      <Service value={service} choose={setService} />
      <WindowFields window={window} change={setWindow} />
      <Choices label={speak('orders/asking')} value={asking} options={ASKING} words={(one) => speak(`orders/askers/${one}`)} choose={setAsking} />
      <TextField fullWidth label={speak('orders/note')} value={note} onChange={(event) => setNote(event.target.value)} />
    </Ask>
  )
}

export interface OrderFormProps {
  view: OrderView
  close: () => void
}

export function useMove({ line }: OrderView) {
  const order = useSend()
  const move = async (what: string, body: unknown) => (await order.send({ path: orderPath(line.order, `/${what}`), body })) !== null
  return { order, move }
}

const LATER = ['elder_asks', 'family_asks', 'helper_ill', 'weather', 'overbooked', 'other'] as const

export function RescheduleForm({ view, close }: OrderFormProps) {
  const speak = useSpeak()
  const { order, move } = useMove(view)
  const [reason, setReason] = useState<(typeof LATER)[number]>('elder_asks')
  const [window, setWindow] = useState<Window>({ from: localInput(Date.parse(view.line.window_from)), to: localInput(Date.parse(view.line.window_to)) })
  const send = () => move('reschedule', { reason, window_from: iso(window.from), window_to: iso(window.to) } satisfies Reschedule)
  return (
    <Ask title={speak('orders/rescheduleTitle')} action={speak('orders/reschedule')} ready={sound(window)} command={order} close={close} send={send}>
      <WindowFields window={window} change={setWindow} />
      <Choices label={speak('orders/reason')} value={reason} options={LATER} words={(one) => speak.word('orderReason', one)} choose={setReason} />
    </Ask>
  )
}

const NEVER = ['elder_asks', 'family_asks', 'hospital', 'moved', 'died', 'mistake', 'weather', 'other'] as const

export function CancelForm({ view, close }: OrderFormProps) {
  const speak = useSpeak()
  const { order, move } = useMove(view)
  const [reason, setReason] = useState<(typeof NEVER)[number] | null>(null)
  return (
    <Ask danger title={speak('orders/cancelTitle')} action={speak('orders/cancel')} ready={reason !== null} command={order} close={close} send={() => move('cancel', { reason: reason ?? 'other' } satisfies CancelOrder)}>
      <Choices label={speak('orders/reason')} value={reason} options={NEVER} words={(one) => speak.word('orderReason', one)} choose={setReason} />
    </Ask>
  )
}

const BACK = ['nobody_free', 'not_our_area', 'skill_missing', 'unsafe', 'refused_at_door', 'other'] as const

export function ReturnForm({ view, close }: OrderFormProps) {
  const speak = useSpeak()
  const { order, move } = useMove(view)
  const [reason, setReason] = useState<(typeof BACK)[number] | null>(null)
  return (
    <Ask title={speak('orders/backTitle')} action={speak('orders/back')} ready={reason !== null} command={order} close={close} send={() => move('return', { reason: reason ?? 'other' } satisfies ReturnOrder)}>
      <Choices label={speak('orders/reason')} value={reason} options={BACK} words={(one) => speak.word('orderReason', one)} choose={setReason} />
    </Ask>
  )
}

export function NameForm({ view, close }: OrderFormProps) {
  const speak = useSpeak()
  const { order, move } = useMove(view)
  const [people, setPeople] = useState(view.line.people.map(({ id }) => id).join(' '))
  const [starts, setStarts] = useState(localInput(Date.parse(view.line.starts_at ?? view.line.window_from)))
  const body: AssignOrder = { people: listed(people), starts_at: starts ? iso(starts) : null }
  return (
    <Ask title={speak('orders/nameTitle')} action={speak('orders/nameAction')} ready={listed(people).length === view.line.hands} command={order} close={close} send={() => move('assign', body)}>
      <p>
        {speak('orders/nameBody')} {speak('orders/hands', { n: view.line.hands })}
      </p>
      <TextField fullWidth required label={speak('orders/people')} value={people} onChange={(event) => setPeople(event.target.value)} />
      <TextField fullWidth type="datetime-local" label={speak('orders/starts')} value={starts} slotProps={{ inputLabel: { shrink: true } }} onChange={(event) => setStarts(event.target.value)} />
    </Ask>
  )
}

const REACHED = ['reached', 'no_answer', 'not_wanted'] as const
const STARS = ['', '1', '2', '3', '4', '5'] as const

export function CallBackForm({ view, close }: OrderFormProps) {
  const speak = useSpeak()
  const { order, move } = useMove(view)
  const [result, setResult] = useState<(typeof REACHED)[number] | null>(null)
  const [stars, setStars] = useState<(typeof STARS)[number]>('')
  const words = `order ${view.line.order} call-back `
  const [note, setNote] = useDraft(`${words}note`)
  const body: OrdersCallBack = { result: result ?? 'no_answer', rating: stars ? Number(stars) : null, note }
  return (
    <Ask title={speak('orders/callbackTitle')} action={speak('common/save')} ready={result !== null} command={order} draft={words} close={close} send={() => move('call-back', body)}>
      <Choices label={speak('orders/callbackResult')} value={result} options={REACHED} words={(one) => speak.word('orders', `results/${one}`)} choose={setResult} />
      {result === 'reached' && <Choices label={speak('orders/rating')} value={stars} options={STARS} words={(one) => (one ? speak('orders/stars', { n: one }) : speak('orders/noRating'))} choose={setStars} />}
      <TextField fullWidth label={speak('orders/note')} value={note} onChange={(event) => setNote(event.target.value)} />
    </Ask>
  )
}
