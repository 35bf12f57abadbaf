import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { OrderLine } from '../generated/http'
import { type Speak, useSpeak } from '../kernel/i18n'
import { chinaDay, hourMinute, serverClock } from '../kernel/time'
import { Tag, type TagTone } from '../ui/Marks'
import { useSteps } from '../ui/steps'
import { useOrders } from './api'
import { dayAfter } from './money'
import { NewOrderForm } from './OrderForms'

/** Stands in the address where an order would: what can be ordered at all. */
export const CATALOGUE = 'catalogue'

export const ORDER_TONES: Readonly<Record<string, TagTone>> = { missed: 'alert', disputed: 'alert', returned: 'warn', rescheduled: 'warn', fulfilled: 'good', closed: 'good' }

export const serviceOf = (order: OrderLine, speak: Speak): string => (speak.lang === 'en' && order.service_name_en ? order.service_name_en : order.service_name)

export const windowOf = (order: OrderLine, speak: Speak): string =>
  speak('orders/window', { from: hourMinute(order.window_from, speak.lang), to: hourMinute(order.window_to, speak.lang) })

export function OrderRow({ order, selected, choose }: { order: OrderLine; selected: boolean; choose: (id: string) => void }) {
  const speak = useSpeak()
  return (
    <li className="row" data-selected={selected}>
      <button type="button" className="open" data-row={order.order} aria-current={selected ? 'true' : undefined} onClick={() => choose(order.order)}>
        <span className="line">
          <strong className="kind">{serviceOf(order, speak)}</strong>
          <span>{order.name_masked}</span>
          <span className="end">{windowOf(order, speak)}</span>
        </span>
        <span className="line small">
          <Tag tone={ORDER_TONES[order.state] ?? 'plain'}>{speak.word('orderState', order.state)}</Tag>
          {order.telephoned && <Tag>{speak(`orders/telephoned/${order.telephoned}`)}</Tag>}
          <span>{order.people.length > 0 ? order.people.map(({ name }) => name).join(speak.lang === 'en' ? ', ' : '、') : speak('orders/nobody')}</span>
          <span>{order.order}</span>
        </span>
      </button>
    </li>
  )
}

function Day({ day, choose }: { day: string; choose: (day: string) => void }) {
  const speak = useSpeak()
  return (
    <div className="day">
      <Button variant="outlined" color="inherit" onClick={() => choose(dayAfter(day, -1))}>
        {speak('orders/before')}
      </Button>
      <TextField type="date" label={speak('orders/day')} value={day} slotProps={{ inputLabel: { shrink: true } }} onChange={(event) => event.target.value && choose(event.target.value)} />
      <Button variant="outlined" color="inherit" onClick={() => choose(dayAfter(day, 1))}>
        {speak('orders/after')}
      </Button>
    </div>
  )
}

/** The orders of a day, by their windows. */
export function Orders({ selected, choose }: { selected: string | null; choose: (id: string) => void }) {
  const speak = useSpeak()
  const [day, setDay] = useState(() => chinaDay(serverClock.now()))
  const { items, error, isPending, hasNextPage, fetchNextPage } = useOrders(day)
  const { list, onKeyDown } = useSteps()
  const [ordering, setOrdering] = useState(false)
  return (
    <>
      <div className="finding">
        <Day day={day} choose={setDay} />
        <Button variant="contained" onClick={() => setOrdering(true)}>
          {speak('orders/new')}
        </Button>
        <Button variant="outlined" color="inherit" aria-current={selected === CATALOGUE ? 'true' : undefined} onClick={() => choose(CATALOGUE)}>
          {speak('orders/catalogue')}
        </Button>
      </div>
      <nav className="queue" ref={list} onKeyDown={onKeyDown} aria-label={speak('orders/title')}>
        {isPending && <p className="quiet empty">{speak('common/loading')}</p>}
        {error !== null && <p className="danger">{speak.problem(error)}</p>}
        {!isPending && error === null && items.length === 0 && <p className="quiet empty">{speak('orders/none')}</p>}
        <ul>
          {items.map((order) => (
            <OrderRow key={order.order} order={order} selected={selected === order.order} choose={choose} />
          ))}
        </ul>
        {hasNextPage && (
          <Button fullWidth color="inherit" onClick={() => void fetchNextPage()}>
            {speak('common/more')}
          </Button>
        )}
      </nav>
      {ordering && <NewOrderForm day={day} close={() => setOrdering(false)} opened={choose} />}
    </>
  )
}
