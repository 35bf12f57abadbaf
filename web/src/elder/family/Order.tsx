import { type FormEvent, useState } from 'react'
import type { FamilyOrder, ServiceLine, ServicesThere } from '../../generated/http'
import { act, newKey } from '../../kernel/api'
import { forgetDrafts, useDraft } from '../../kernel/drafts'
import { chinaDay, serverClock } from '../../kernel/time'
import { money, path, useAsked } from './api'
import { Fault, Frame, go, Shown } from './Frame'
import { priceOn } from '../prices'
import { Rules } from './Orders'
import { useSay, type Say } from './words'

const PARTS = { morning: [8, 11], noon: [11, 13], afternoon: [14, 17], evening: [17, 19] } as const
type Part = keyof typeof PARTS

const DAY_MS = 86_400_000
const AHEAD = 14

const instant = (day: string, hour: number): string => `${day}T${String(hour).padStart(2, '0')}:00:00+08:00`

/** Choose, see what it costs and what holds, order. */
export function Order({ elder, news }: { elder: string; news: number }) {
  const { say } = useSay()
  const asked = useAsked<ServicesThere>(path('elders', elder, 'services'), news)
  return (
    <Frame heading={say('newOrder')}>
      <Shown asked={asked}>
        {({ items }) => (items.length === 0 ? <p role="status">{say('noServices')}</p> : <Wish elder={elder} items={items} />)}
      </Shown>
    </Frame>
  )
}

function Wish({ elder, items }: { elder: string; items: readonly ServiceLine[] }) {
  const { say, lang } = useSay()
  const [code, setCode] = useState(items[0]?.code ?? '')
  const [day, setDay] = useState(chinaDay(serverClock.now() + DAY_MS))
  const [part, setPart] = useState<Part>('morning')
  const [note, setNote] = useDraft(`order ${elder}`)
  const [key, setKey] = useState(newKey)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<unknown>(null)
  const price = priceOn(items.find((one) => one.code === code), day)
  const place = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      const [first, last] = PARTS[part]
      const body = { service: code, window_from: instant(day, first), window_to: instant(day, last), note }
      const made = await act<FamilyOrder>(path('elders', elder, 'orders'), { body, key })
      forgetDrafts(`order ${elder}`)
      go(`visit/${made.line.order}`)
    } catch (error) {
      setFault(error)
      setKey(newKey())
      setBusy(false)
    }
  }
  return (
    <form className="ask" onSubmit={(event) => void place(event)}>
      <fieldset className="options">
        <legend>{say('chooseService')}</legend>
        {items.map((one) => (
          <label key={one.code} className="option">
            <input type="radio" name="service" checked={one.code === code} onChange={() => setCode(one.code)} />
            <span className="what"><strong>{lang === 'en' ? one.name_en : one.name}</strong><span>{about(one, say)}</span></span>
          </label>
        ))}
      </fieldset>
      <label htmlFor="day">{say('day')}</label>
      <select id="day" value={day} onChange={(e) => setDay(e.target.value)}>
        {Array.from({ length: AHEAD }, (_, n) => chinaDay(serverClock.now() + n * DAY_MS)).map((one) => (
          <option key={one} value={one}>{dayWords(one, lang)}</option>
        ))}
      </select>
      <fieldset className="options">
        <legend>{say('part')}</legend>
        {(Object.keys(PARTS) as Part[]).map((one) => (
          <label key={one} className="option">
            <input type="radio" name="part" checked={one === part} onChange={() => setPart(one)} />
            <span>{say.code('part', one)}</span>
          </label>
        ))}
      </fieldset>
      <label htmlFor="note">{say('note')}</label>
      <textarea id="note" rows={2} maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} />
      {price && (
        <p className="told" aria-live="polite">
          {say('price', { total: money(price.total, lang) })}<br />
          {say('split', { subsidy: money(price.subsidy, lang), own: money(price.own, lang) })}
        </p>
      )}
      <Rules absent={price?.absent ?? 0} />
      <Fault error={fault} />
      <button type="submit" className="primary" disabled={busy || !price}>
        {price ? say('placeOrder', { own: money(price.own, lang) }) : say('noServices')}
      </button>
    </form>
  )
}

function about(one: ServiceLine, say: Say): string {
  const minutes = say('minutes', { n: one.minutes })
  return one.hands > 1 ? `${minutes} · ${say('hands2', { n: one.hands })}` : minutes
}

const dayWords = (day: string, lang: string): string =>
  new Intl.DateTimeFormat(lang, { month: 'long', day: 'numeric', weekday: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
