import Button from '@mui/material/Button'
import { type ReactNode, useState } from 'react'
import type { OrderView, ProofLine } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Glyph, Tag } from '../ui/Marks'
import { Clock, Distance } from '../ui/Times'
import { orderPath, useOrder, useSend } from './api'
import { yuan } from './money'
import { CorrectForm, DisputeForm, SettleForm } from './AfterForms'
import { CallBackForm, CancelForm, NameForm, type OrderFormProps, RescheduleForm, ReturnForm } from './OrderForms'
import { ORDER_TONES, serviceOf, windowOf } from './Orders'

const FORMS = { name: NameForm, reschedule: RescheduleForm, back: ReturnForm, cancel: CancelForm, callback: CallBackForm, dispute: DisputeForm, settle: SettleForm, correct: CorrectForm }
type Form = keyof typeof FORMS

/** What can be done with an order where it is now. */
export function possible(state: OrderView['line']['state'], begun: boolean): Form[] {
  if (state === 'fulfilled') return ['callback', 'dispute', 'correct']
  if (state === 'closed') return ['dispute', 'correct']
  if (state === 'disputed') return ['settle', 'correct']
  if (begun) return []
  if (state === 'draft') return ['cancel']
  if (state === 'missed') return ['reschedule', 'cancel', 'dispute']
  if (['placed', 'rescheduled', 'scheduled', 'returned'].includes(state)) return ['name', 'reschedule', 'back', 'cancel']
  return state === 'dispatched' ? ['reschedule', 'back', 'cancel'] : []
}

function Actions({ view }: { view: OrderView }) {
  const speak = useSpeak()
  const order = useSend()
  const [form, setForm] = useState<Form | null>(null)
  const Asked: ((props: OrderFormProps) => ReactNode) | null = form ? FORMS[form] : null
  const forms = possible(view.line.state, view.line.begun_at !== null)
  if (forms.length === 0) return null
  return (
    <div className="actions" role="toolbar" aria-label={speak('orders/title')}>
      {view.line.state === 'draft' && (
        <Button variant="contained" disabled={order.busy !== null} onClick={() => void order.send({ path: orderPath(view.line.order, '/confirm') })}>
          {speak('orders/placeDraft')}
        </Button>
      )}
      {forms.map((name) => (
        <Button key={name} variant="outlined" color={name === 'cancel' ? 'error' : 'inherit'} onClick={() => setForm(name)}>
          {speak(`orders/${name}`)}
        </Button>
      ))}
      {order.problem !== null && (
        <p className="danger" role="alert">
          {speak.problem(order.problem)}
        </p>
      )}
      {Asked && <Asked view={view} close={() => setForm(null)} />}
    </div>
  )
}

function Proof({ proof }: { proof: ProofLine }) {
  const speak = useSpeak()
  return (
    <li>
      <Clock at={proof.at} />
      <span>
        {speak.word('phase', proof.phase)} · {speak.word('proof', proof.kind)} <Tag tone={proof.holds ? 'good' : 'alert'}>{speak(proof.holds ? 'orders/holds' : 'orders/fails')}</Tag> {proof.dist_m !== null && <Distance metres={proof.dist_m} />}
      </span>
    </li>
  )
}

function Evidence({ view }: { view: OrderView }) {
  const speak = useSpeak()
  const wanted = (kinds: readonly string[]) => kinds.map((kind) => speak.word('proof', kind)).join(' / ')
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">{speak('orders/evidence')}</h2>
      <dl className="pairs">
        {(['arrive', 'leave'] as const).map((phase) => (
          <div key={phase}>
            <dt>{speak(`phase/${phase}`)}</dt>
            <dd>{wanted(view[`evidence_${phase}`]) || speak('orders/evidenceNone')}</dd>
          </div>
        ))}
      </dl>
      {view.proofs.length === 0 && <p className="quiet">{speak('orders/noProofs')}</p>}
      <ul className="lines">
        {view.proofs.map((proof) => (
          <Proof key={proof.proof} proof={proof} />
        ))}
      </ul>
    </section>
  )
}

function Facts({ view }: { view: OrderView }) {
  const speak = useSpeak()
  const { line } = view
  const price = view.price_cents == null ? speak('orders/noPrice') : speak('orders/price', { total: yuan(view.price_cents), subsidy: yuan(view.subsidy_cents ?? 0), own: yuan(view.own_cents ?? 0) })
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">{speak('orders/arranged')}</h2>
      <dl className="pairs">
        <div>
          <dt>{speak('orders/windowLabel')}</dt>
          <dd>
            <Clock at={line.window_from} /> – <Clock at={line.window_to} /> · {speak('orders/minutes', { n: line.minutes })}
          </dd>
        </div>
        <div>
          <dt>{speak('orders/people')}</dt>
          <dd>
            {line.people.map(({ name, id }) => `${name} ${id}`).join(' · ') || speak('orders/nobody')} {line.hands > 1 && <Tag>{speak('orders/hands', { n: line.hands })}</Tag>}
          </dd>
        </div>
        {line.starts_at && (
          <div>
            <dt>{speak('orders/starts')}</dt>
            <dd>
              <Clock at={line.starts_at} />
            </dd>
          </div>
        )}
        {line.written_by && (
          <div>
            <dt>{speak('orders/writtenBy')}</dt>
            <dd>{line.written_by}</dd>
          </div>
        )}
        <div>
          <dt>¥</dt>
          <dd>{price}</dd>
        </div>
        {line.incident && (
          <div>
            <dt>{speak('orders/incident', { id: '' })}</dt>
            <dd>
              <a href={`/desk#${encodeURIComponent(line.incident)}`} target="yinling-desk">
                {line.incident}
              </a>
            </dd>
          </div>
        )}
      </dl>
    </section>
  )
}

function Story({ view }: { view: OrderView }) {
  const speak = useSpeak()
  return (
    <section aria-labelledby="story">
      <h2 id="story">{speak('orders/timeline')}</h2>
      <ol className="lines">
        {[...view.story].reverse().map((step) => (
          <li key={`${step.at} ${step.tag}`}>
            <Clock at={step.at} />
            <span>
              {speak.word('orderStep', step.tag)} {speak.word('orderReason', step.why)} <span className="quiet">{step.actor.includes(':') ? '' : step.actor}</span>
            </span>
          </li>
        ))}
      </ol>
      <ul className="lines">
        {view.notes.map((note) => (
          <li key={`${note.at} ${note.text}`}>
            <Clock at={note.at} />
            <span>
              {note.text} <span className="quiet">{note.by}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** One order: when, who, what it costs, what proves it, and what can be done about it now. */
export function Order({ order, back }: { order: string; back: () => void }) {
  const speak = useSpeak()
  const { data: view, error } = useOrder(order)
  return (
    <article className="sheet" aria-label={order}>
      <Button className="back" color="inherit" startIcon={<Glyph name="back" />} onClick={back}>
        {speak('board/toList')}
      </Button>
      {!view && <p className="quiet body">{error ? speak.problem(error) : speak('common/loading')}</p>}
      {view && (
        <>
          <header className="head">
            <div className="title">
              <h1>
                {serviceOf(view.line, speak)} · {view.line.name_masked}
              </h1>
              <Tag tone={ORDER_TONES[view.line.state] ?? 'plain'}>{speak.word('orderState', view.line.state)}</Tag>
              {view.line.telephoned && <Tag>{speak(`orders/telephoned/${view.line.telephoned}`)}</Tag>}
            </div>
            <p className="place">{view.address}</p>
            <p className="facts">
              <span>{windowOf(view.line, speak)}</span>
              <span>{view.line.order}</span>
            </p>
          </header>
          <Actions view={view} />
          <div className="body">
            <Facts view={view} />
            <Evidence view={view} />
            <Story view={view} />
          </div>
        </>
      )}
    </article>
  )
}
