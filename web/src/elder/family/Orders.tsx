import { useState } from 'react'
import type { FamilyOrder, OrderLine } from '../../generated/http'
import { act } from '../../kernel/api'
import { money, path, useAsked } from './api'
import { Helpers } from './Calls'
import { Fault, Frame, go, Shown, Sure } from './Frame'
import { Rate } from './Opinions'
import { type Say, useSay } from './words'

const DONE = new Set(['fulfilled', 'closed', 'missed', 'disputed'])

/** The day and the hours, as the family reads them. */
export function slot(from: string, to: string, say: Say, lang: string): string {
  const day = new Intl.DateTimeFormat(lang, { month: 'long', day: 'numeric', weekday: 'short' }).format(new Date(from))
  const hour = new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return say('at', { day, from: hour.format(new Date(from)), to: hour.format(new Date(to)) })
}

const telephoned = ({ telephoned: by, written_by: who }: OrderLine, say: Say): string => (by ? say(`telephoned_${by}`, { who: who ?? say('onDuty') }) : '')

export function Orders({ elder, news }: { elder: string; news: number }) {
  const { say, lang } = useSay()
  const asked = useAsked<{ items: FamilyOrder[] }>(path('elders', elder, 'orders'), news)
  return (
    <Frame heading={say('orders')}>
      <button type="button" className="primary" onClick={() => go(`order/${elder}`)}>{say('newOrder')}</button>
      <Shown asked={asked}>
        {({ items }) => (
          <>
            {items.length === 0 && <p role="status">{say('noOrders')}</p>}
            {items.toReversed().map(({ line }) => (
              <button key={line.order} type="button" className="person" onClick={() => go(`visit/${line.order}`)}>
                <strong>{lang === 'en' ? line.service_name_en : line.service_name}</strong>
                <span>{slot(line.window_from, line.window_to, say, lang)}</span>
                {line.telephoned && <span>{telephoned(line, say)}</span>}
                <span>{say.code('order', line.state)}</span>
              </button>
            ))}
          </>
        )}
      </Shown>
    </Frame>
  )
}

/** One service: who comes, how far, what it costs; and the way to call it off. */
export function Visit({ order, news, done }: { order: string; news: number; done: () => void }) {
  const { say, lang } = useSay()
  const asked = useAsked<FamilyOrder>(path('orders', order), news)
  const line = asked.data?.line
  const heading = line ? (lang === 'en' ? line.service_name_en : line.service_name) : say('orders')
  return (
    <Frame heading={heading}>
      <Shown asked={asked}>
        {(found) => (
          <>
            <div className="status" data-over="true">
              <p className="big" role="status">{say.code('order', found.line.state)}</p>
              <p>{slot(found.line.window_from, found.line.window_to, say, lang)}</p>
              {found.helpers.length === 0 && !DONE.has(found.line.state) && found.line.state !== 'cancelled' && (
                <p>{found.line.people.length > 0 ? say('comes', { who: found.line.people.map((one) => one.name).join(lang === 'en' ? ', ' : '、') }) : say('nobodyYet')}</p>
              )}
              {found.line.telephoned && <p>{telephoned(found.line, say)}</p>}
              <Money order={found} />
            </div>
            <Helpers these={found.helpers} />
            {DONE.has(found.line.state) && <Rate about={path('orders', order)} given={found.rating} done={done} />}
            {DONE.has(found.line.state) && (
              <button type="button" className="second" onClick={() => go(`complain/${found.line.elder}/${order}`)}>{say('complain')}</button>
            )}
            {found.cancellable && <Cancel order={found} done={done} />}
          </>
        )}
      </Shown>
    </Frame>
  )
}

function Money({ order }: { order: FamilyOrder }) {
  const { say, lang } = useSay()
  if (order.price_cents === null || order.price_cents === undefined) return null
  return (
    <p>
      {say('price', { total: money(order.price_cents, lang) })} · {say('split', { subsidy: money(order.subsidy_cents ?? 0, lang), own: money(order.own_cents ?? 0, lang) })}
      {order.charged_cents !== null && order.charged_cents !== undefined && ` · ${say('charged', { charged: money(order.charged_cents, lang) })}`}
    </p>
  )
}

export function Rules({ absent }: { absent: number }) {
  const { say, lang } = useSay()
  return (
    <section aria-labelledby="rules">
      <h2 id="rules">{say('rules')}</h2>
      <ul className="rules">
        <li>{say('rule1')}</li>
        <li>{absent > 0 ? say('rule2', { absent: money(absent, lang) }) : say('rule2free')}</li>
        <li>{say('rule3')}</li>
      </ul>
    </section>
  )
}

function Cancel({ order, done }: { order: FamilyOrder; done: () => void }) {
  const { say } = useSay()
  const [asking, setAsking] = useState(false)
  const [fault, setFault] = useState<unknown>(null)
  const cancel = async () => {
    try {
      await act(path('orders', order.line.order, 'cancel'), { body: {} })
      setAsking(false)
      done()
    } catch (error) {
      setFault(error)
    }
  }
  return (
    <>
      <Rules absent={order.absent_cents ?? 0} />
      <Fault error={fault} />
      {asking ? (
        <Sure ask={say('cancelSure')} no={say('cancelNo')} yes={say('cancelYes')} back={() => setAsking(false)} act={() => void cancel()} />
      ) : (
        <button type="button" className="second" onClick={() => setAsking(true)}>{say('cancel')}</button>
      )}
    </>
  )
}
