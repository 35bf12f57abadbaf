import { type FormEvent, useState } from 'react'
import type { ComplaintLine } from '../../generated/http'
import { newKey, request } from '../../kernel/api'
import { forgetDrafts, useDraft } from '../../kernel/drafts'
import { path, useAsked } from './api'
import { Fault, Frame, Shown } from './Frame'
import { useSay } from './words'

const FACES = ['😠', '😞', '😐', '😊', '😄'] as const

/** Five faces, each with its word; what was said before can be said again. */
export function Rate({ about, given, done }: { about: string; given: number | null; done: () => void }) {
  const { say } = useSay()
  const [rating, setRating] = useState<number | null>(null)
  const [text, setText] = useDraft(`rating ${about}`)
  const [fault, setFault] = useState<unknown>(null)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await request(`${about}/rating`, { method: 'PUT', body: { rating, text } })
      forgetDrafts(`rating ${about}`)
      setRating(null)
      done()
    } catch (error) {
      setFault(error)
    }
  }
  return (
    <form className="ask" onSubmit={(event) => void send(event)}>
      <fieldset className="faces">
        <legend>{say('rateHead')}</legend>
        {FACES.map((face, n) => (
          <button key={face} type="button" aria-pressed={rating === n + 1} onClick={() => setRating(n + 1)}>
            <span aria-hidden="true">{face}</span> {say.code('rate', String(n + 1))}
          </button>
        ))}
      </fieldset>
      {rating !== null && (
        <>
          <label htmlFor="rateText">{say('rateText')}</label>
          <textarea id="rateText" rows={3} maxLength={2000} value={text} onChange={(e) => setText(e.target.value)} />
          <button type="submit" className="primary">{say('rateSend')}</button>
        </>
      )}
      <Fault error={fault} />
      <p role="status">{given !== null && rating === null ? say('rated', { rate: say.code('rate', String(given)) }) : ''}</p>
    </form>
  )
}

/** A complaint, and what became of those before. */
export function Complain({ elder, about, news }: { elder: string; about: string | null; news: number }) {
  const { say, lang } = useSay()
  const draft = `complaint ${elder} ${about ?? ''}`
  const [text, setText] = useDraft(draft)
  const [key] = useState(newKey)
  const [made, setMade] = useState<ComplaintLine | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const mine = useAsked<{ items: ComplaintLine[] }>('/family/complaints', news + (made ? 1 : 0))
  const day = (iso: string) => new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(iso))
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setFault(null)
    try {
      setMade(await request<ComplaintLine>(path('elders', elder, 'complaints'), { method: 'POST', key, body: { text, about } }))
      forgetDrafts(draft)
    } catch (error) {
      setFault(error)
    }
  }
  return (
    <Frame heading={say('complain')}>
      {made ? (
        <p className="told" role="status">{say('complained', { time: day(made.due_at) })}</p>
      ) : (
        <form className="ask" onSubmit={(event) => void send(event)}>
          <h2>{say('complainHead')}</h2>
          <label htmlFor="words">{say('complainText')}</label>
          <textarea id="words" rows={5} maxLength={2000} value={text} onChange={(e) => setText(e.target.value)} />
          <p>{say('complainPromise')}</p>
          <Fault error={fault} />
          <button type="submit" className="primary" disabled={text.trim() === ''}>{say('complainSend')}</button>
        </form>
      )}
      <Shown asked={mine}>
        {({ items }) => {
          const hers = items.filter((one) => one.elder === elder)
          if (hers.length === 0) return null
          return (
            <section aria-labelledby="mine">
              <h2 id="mine">{say('complaints')}</h2>
              <ul>
                {hers.map((one) => (
                  <li key={one.complaint} className="arranged">
                    <span>{one.text}</span>
                    <span className="state">
                      {one.answer !== null ? say('answered', { answer: one.answer }) : say(one.overdue ? 'overdue' : 'dueBy', { time: day(one.due_at) })}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )
        }}
      </Shown>
    </Frame>
  )
}
