import { type ReactNode, useState } from 'react'
import type { OwnOrder, ServiceLine, ServicesThere } from '../generated/http'
import { act, ApiError, newKey } from '../kernel/api'
import { chinaDay } from '../kernel/time'
import { useAsked } from './api'
import { Frame, Hotline, Trouble, useWay } from './Frame'
import { priceOn } from './prices'
import { type Lang, type Say, useWords, type Word } from './words'

const PARTS = { morning: [8, 11], noon: [11, 13], afternoon: [14, 17] } as const
type Part = keyof typeof PARTS

const DAY_MS = 86_400_000
const DAYS = [1, 2, 3, 4] as const

const dayAfter = (days: number): string => chinaDay(Date.now() + days * DAY_MS)
const instant = (day: string, hour: number): string => `${day}T${String(hour).padStart(2, '0')}:00:00+08:00`

/** What, which day, when: large things to press, and what it costs before it is ordered. */
export default function Ordering() {
  const { say } = useWords()
  const { go } = useWay()
  const { data, state, again } = useAsked<ServicesThere>('/elder/services')
  return (
    <Frame spot="order" heading={say('order')}>
      {!data && state === 'loading' && <p role="status">{say('loading')}</p>}
      {!data && state === 'failed' && <Trouble words={say('failed')} action={say('again')} act={again} />}
      {state === 'unpaired' && <Trouble words={say('unpaired')} action={say('pairNow')} act={() => go('pair')} />}
      {data && state !== 'unpaired' && (data.items.length > 0 ? <Wish items={data.items} /> : <ByPhone />)}
    </Frame>
  )
}

function ByPhone() {
  const { say } = useWords()
  return (
    <div className="trouble">
      <p>{say('noServices')}</p>
      <Hotline main />
    </div>
  )
}

function Wish({ items }: { items: readonly ServiceLine[] }) {
  const { say, lang } = useWords()
  const [service, setService] = useState<ServiceLine | null>(null)
  const [day, setDay] = useState<string | null>(null)
  const [part, setPart] = useState<Part | null>(null)
  const nameOf = (one: ServiceLine) => (lang === 'en' ? one.name_en : one.name)
  const chosen = service && day && part ? { service, day, part } : null
  return (
    <>
      <Choices legend={say('whichService')}>
        {items.map((one) => (
          <Choice key={one.code} on={one === service} choose={() => setService(one)}>{nameOf(one)}<small>{costs(one, day ?? dayAfter(1), say)}</small></Choice>
        ))}
      </Choices>
      {service && (
        <Choices legend={say('whichDay')}>
          {DAYS.map(dayAfter).map((one) => <Choice key={one} on={one === day} choose={() => setDay(one)}>{dayWords(one, say, lang)}</Choice>)}
        </Choices>
      )}
      {day && (
        <Choices legend={say('whichPart')}>
          {(Object.keys(PARTS) as Part[]).map((one) => <Choice key={one} on={one === part} choose={() => setPart(one)}>{say(one)}</Choice>)}
        </Choices>
      )}
      {chosen && <Sum key={`${chosen.service.code} ${chosen.day} ${chosen.part}`} {...chosen} name={nameOf(chosen.service)} />}
    </>
  )
}

function Choices({ legend, children }: { legend: string; children: ReactNode }) {
  return <fieldset className="choices"><legend>{legend}</legend>{children}</fieldset>
}

function Choice({ on, choose, children }: { on: boolean; choose: () => void; children: ReactNode }) {
  return <button type="button" className="tile" aria-pressed={on} onClick={choose}>{children}</button>
}

/** What was chosen in one sentence, what it costs, and the one button. */
function Sum({ service, day, part, name }: { service: ServiceLine; day: string; part: Part; name: string }) {
  const { say, lang } = useWords()
  const { go } = useWay()
  const [key] = useState(newKey)
  const [at, setAt] = useState<'asking' | 'busy' | 'done' | Word>('asking')
  const order = async () => {
    setAt('busy')
    try {
      const [first, last] = PARTS[part]
      const body = { service: service.code, window_from: instant(day, first), window_to: instant(day, last) }
      await act<OwnOrder>('/elder/orders', { body, key })
      setAt('done')
    } catch (error) {
      setAt(whyOf(error))
    }
  }
  if (at === 'done') {
    return (
      <div className="trouble" role="status">
        <strong>{say('ordered')}</strong>
        <p>{say('orderedHint')}</p>
        <button type="button" className="primary" onClick={() => go('day')}>{say('day')}</button>
      </div>
    )
  }
  const fault = at !== 'asking' && at !== 'busy'
  return (
    <div className="trouble">
      <p><strong>{say('sum', { service: name, day: dayWords(day, say, lang), part: say(part) })}</strong></p>
      <p>{costs(service, day, say)}</p>
      <p>{say('sumFree')}</p>
      {fault && <p className="fault" role="alert">{say('orderFailed', { why: say(at) })}</p>}
      <button type="button" className="primary" disabled={at === 'busy'} onClick={() => void order()}>{say(at === 'busy' ? 'loading' : 'orderIt')}</button>
    </div>
  )
}

function costs(service: ServiceLine, day: string, say: Say): string {
  const price = priceOn(service, day)
  if (!price) return ''
  return price.own === 0 ? say('free') : say('own', { money: (price.own / 100).toFixed(price.own % 100 ? 2 : 0) })
}

function dayWords(day: string, say: Say, lang: Lang): string {
  const plain = new Intl.DateTimeFormat(lang, { month: 'long', day: 'numeric', weekday: 'short', timeZone: 'Asia/Shanghai' }).format(new Date(instant(day, 12)))
  return day === dayAfter(1) ? `${say('tomorrow')} ${plain}` : plain
}

function whyOf(error: unknown): Word {
  const code = error instanceof ApiError ? error.problem.code : ''
  if (code === 'window_passed' || code === 'outside_window') return 'whyTime'
  return code === 'already_booked' ? 'whyBooked' : 'whyOther'
}
