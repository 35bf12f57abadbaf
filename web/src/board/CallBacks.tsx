import Button from '@mui/material/Button'
import { useState } from 'react'
import type { CallBackLine, PoliciesCallBack } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Ask } from '../ui/Ask'
import { Choices } from '../ui/Choices'
import { Tag } from '../ui/Marks'
import { useSteps } from '../ui/steps'
import { Clock } from '../ui/Times'
import { useOrdersToCall, useRescuesToCall, useSend } from './api'
import { Complaints } from './Complaints'
import { OrderRow } from './Orders'

const RESULTS = ['well', 'needs_help', 'no_answer', 'not_wanted'] as const

function Form({ line, close }: { line: CallBackLine; close: () => void }) {
  const speak = useSpeak()
  const order = useSend()
  const [result, setResult] = useState<(typeof RESULTS)[number] | null>(null)
  const send = async () => (await order.send({ path: `/call-backs/${encodeURIComponent(line.incident)}`, body: { result: result ?? 'no_answer' } satisfies PoliciesCallBack })) !== null
  return (
    <Ask title={speak('orders/callbackTitle')} action={speak('common/save')} ready={result !== null} command={order} close={close} send={send}>
      <Choices label={speak('orders/callbackResult')} value={result} options={RESULTS} words={(one) => speak.word('orders', `results/${one}`)} choose={setResult} />
    </Ask>
  )
}

function Rescue({ line }: { line: CallBackLine }) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  return (
    <li className="row">
      <div className="still">
        <span className="line">
          <strong>{line.name_masked}</strong>
          <a href={`/desk#${encodeURIComponent(line.incident)}`} target="yinling-desk">
            {line.incident}
          </a>
          {line.overdue && <Tag tone="alert">{speak('orders/overdue')}</Tag>}
          <span className="end">
            <Clock at={line.due_at} />
          </span>
        </span>
        <span className="line">
          {line.result && <span className="quiet">{speak.word('orders', `results/${line.result}`)}</span>}
          <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
            {speak('orders/callback')}
          </Button>
        </span>
      </div>
      {asking && <Form line={line} close={() => setAsking(false)} />}
    </li>
  )
}

/** Whom to ask how it was: after help, and after a service; a supervisor `answers` complaints here as well. */
export function CallBacks({ selected, choose, answers }: { selected: string | null; choose: (id: string) => void; answers: boolean }) {
  const speak = useSpeak()
  const rescues = useRescuesToCall()
  const orders = useOrdersToCall()
  const { list, onKeyDown } = useSteps()
  const error = rescues.error ?? orders.error
  const waiting = rescues.items.filter(({ made_at }) => made_at === null)
  const none = !rescues.isPending && !orders.isPending && waiting.length + orders.items.length === 0
  return (
    <nav className="queue" ref={list} onKeyDown={onKeyDown} aria-label={speak('orders/callback')}>
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {none && error === null && <p className="quiet empty">{speak('orders/callbackNone')}</p>}
      {answers && <Complaints />}
      {waiting.length > 0 && <h2>{speak('orders/rescue')}</h2>}
      <ul>
        {waiting.map((line) => (
          <Rescue key={line.incident} line={line} />
        ))}
      </ul>
      {orders.items.length > 0 && <h2>{speak('orders/title')}</h2>}
      <ul>
        {orders.items.map((order) => (
          <OrderRow key={order.order} order={order} selected={selected === order.order} choose={choose} />
        ))}
      </ul>
    </nav>
  )
}
