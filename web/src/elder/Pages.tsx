import { useState } from 'react'
import type { Arrangement, Comer, ElderHome } from '../generated/http'
import { act, ApiError } from '../kernel/api'
import { type Asked, useComers, useDay } from './api'
import { Faces } from './Faces'
import { Rate } from './Rate'
import { Frame, Hotline, Trouble, useWay } from './Frame'
import { useLook } from './look'
import { speak } from './speak'
import { type Lang, type Say, useWords, type Word } from './words'

export function Family({ home }: { home: Asked<ElderHome> }) {
  const { say } = useWords()
  const people = home.data?.family ?? []
  return (
    <Frame spot="family" heading={say('family')}>
      {people.map(({ name, relation, phone }) => (
        <a key={phone + name} className="person" href={`tel:${phone}`} aria-label={say('callTo', { name: `${relation} ${name}` })}>
          <strong>{relation}</strong>
          <span>{name}</span>
          <span className="number">{phone}</span>
        </a>
      ))}
      {people.length === 0 && home.state === 'failed' && <Trouble words={say('failed')} action={say('again')} act={home.again} />}
      {people.length === 0 && home.state !== 'failed' && (
        <div className="trouble">
          <p>{say(home.state === 'loading' ? 'loading' : 'noFamily')}</p>
          <Hotline main />
        </div>
      )}
    </Frame>
  )
}

export function Day() {
  const { say, lang } = useWords()
  const { go } = useWay()
  const { data, state, again } = useDay()
  const days = data ? byDay(data.items) : []
  const comers = useComers((data?.items ?? []).filter(({ state: at }) => at === 'dispatched').map(({ order }) => order).join(' '))
  return (
    <Frame spot="day" heading={say('day')}>
      {state === 'failed' && <Trouble words={say('failed')} action={say('again')} act={again} />}
      {state === 'unpaired' && <Trouble words={say('unpaired')} action={say('pairNow')} act={() => go('pair')} />}
      {!data && state === 'loading' && <p role="status">{say('loading')}</p>}
      {data && days.length === 0 && <p role="status">{say('nothing')}</p>}
      {days.map(([day, items]) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <h2 id={`day-${day}`}>{dayWords(day, say, lang)}</h2>
          <ul>
            {items.map((one) => <Arranged key={one.order} one={one} comers={comers} say={say} lang={lang} again={again} />)}
          </ul>
        </section>
      ))}
    </Frame>
  )
}

const AWAITED = new Set(['placed', 'scheduled', 'dispatched', 'returned'])
const SERVED = new Set(['fulfilled', 'closed'])

function Arranged({ one, comers, say, lang, again }: { one: Arrangement; comers: readonly Comer[]; say: Say; lang: Lang; again: () => void }) {
  const time = new Intl.DateTimeFormat(lang, { hour: 'numeric', minute: '2-digit', dayPeriod: 'short', hour12: true })
  return (
    <li className="arranged" data-over={['cancelled', 'missed'].includes(one.state)}>
      <strong>{lang === 'en' ? one.service_name_en : one.service_name}</strong>
      <span>{say('from', { from: time.format(new Date(one.window_from)), to: time.format(new Date(one.window_to)) })}</span>
      {one.people.length > 0 && <span>{say('comes', { who: one.people.join(lang === 'en' ? ', ' : '、') })}</span>}
      <Faces these={comers.filter(({ order }) => order === one.order)} />
      {one.people.length === 0 && AWAITED.has(one.state) && <span>{say('nobodyYet')}</span>}
      {one.telephoned && <span>{say(`telephoned_${one.telephoned}`, { who: one.written_by ?? say('onDuty') })}</span>}
      <span className="state">{say(`state_${one.state}` as Word)}</span>
      {one.cancellable && <CallOff order={one.order} done={again} />}
      {SERVED.has(one.state) && <Rate one={one} />}
    </li>
  )
}

/** Asked once more before it is called off; what went wrong is said at its place. */
function CallOff({ order, done }: { order: string; done: () => void }) {
  const { say } = useWords()
  const [at, setAt] = useState<'no' | 'sure' | 'busy' | Word>('no')
  const drop = async () => {
    setAt('busy')
    try {
      await act(`/elder/orders/${order}/cancel`)
      done()
      setAt('no')
    } catch (error) {
      setAt(error instanceof ApiError && error.problem.code === 'too_late' ? 'tooLate' : 'failed')
    }
  }
  if (at === 'no') return <button type="button" className="second" onClick={() => setAt('sure')}>{say('notAnyMore')}</button>
  if (at === 'busy') return <p role="status">{say('loading')}</p>
  if (at !== 'sure') return <p className="fault" role="alert">{say(at)}</p>
  return (
    <div className="sure" role="alert">
      <p>{say('notAnyMoreSure')}</p>
      <button type="button" className="primary" onClick={() => setAt('no')}>{say('keepIt')}</button>
      <button type="button" className="second" onClick={() => void drop()}>{say('dropIt')}</button>
    </div>
  )
}

function byDay(items: readonly Arrangement[]): [string, Arrangement[]][] {
  const days = new Map<string, Arrangement[]>()
  for (const one of items) {
    const day = new Date(one.window_from).toDateString()
    days.set(day, [...(days.get(day) ?? []), one])
  }
  return [...days]
}

function dayWords(day: string, say: Say, lang: Lang): string {
  const date = new Date(day)
  const away = Math.round((date.getTime() - new Date(new Date().toDateString()).getTime()) / 86_400_000)
  const plain = new Intl.DateTimeFormat(lang, { month: 'long', day: 'numeric', weekday: 'long' }).format(date)
  return away === 0 ? `${say('today')} · ${plain}` : away === 1 ? `${say('tomorrow')} · ${plain}` : plain
}

const HELP: readonly Word[] = ['helpSos', 'helpDial', 'helpFamily', 'helpOrder', 'helpDay', 'helpSize', 'helpHotline']

export function Help() {
  const { say, lang } = useWords()
  const { voice } = useLook()
  const all = HELP.map((word) => say(word)).join('\n')
  return (
    <Frame spot="help" heading={say('help')}>
      {voice && <button type="button" className="primary" onClick={() => speak(all, lang)}>{say('readPage')}</button>}
      <ol className="help">{HELP.map((word) => <li key={word}>{say(word)}</li>)}</ol>
    </Frame>
  )
}
