import { useState } from 'react'
import type { Arrangement } from '../generated/http'
import { request } from '../kernel/api'
import { useLook } from './look'
import { canSpeak, speak } from './speak'
import { useWords } from './words'

const FACES = { 5: '😄', 3: '😐', 1: '😞' } as const
const GIVEN = [5, 3, 1] as const
type Given = (typeof GIVEN)[number]

const nearest = (rating: number): Given => (rating > 3 ? 5 : rating < 3 ? 1 : 3)

/** How it was, in one of three faces; the question and what was pressed are said aloud. */
export function Rate({ one }: { one: Arrangement }) {
  const { say, lang } = useWords()
  const { voice } = useLook()
  const [pressed, setPressed] = useState<Given | null>(null)
  const [failed, setFailed] = useState(false)
  const given = pressed ?? (one.rating ? nearest(one.rating) : null)
  const ask = say('rateAsk', { service: lang === 'en' ? one.service_name_en : one.service_name })
  const press = async (rating: Given) => {
    try {
      await request(`/elder/orders/${one.order}/rating`, { method: 'PUT', body: { rating } })
      setPressed(rating)
      setFailed(false)
      if (voice) speak(say('rated', { rate: say(`rate_${rating}`) }), lang)
    } catch {
      setFailed(true)
      if (voice) speak(say('failed'), lang)
    }
  }
  return (
    <div className="rate">
      <fieldset className="choices">
        <legend>{ask}</legend>
        {GIVEN.map((rating) => (
          <button key={rating} type="button" className="tile" aria-pressed={given === rating} onClick={() => void press(rating)}>
            <span aria-hidden="true">{FACES[rating]}</span>
            {say(`rate_${rating}`)}
          </button>
        ))}
      </fieldset>
      {canSpeak && <button type="button" className="second" onClick={() => speak(say('rateSpoken', { ask }), lang)}>{say('rateHear')}</button>}
      {failed && <p className="fault" role="alert">{say('failed')}</p>}
      <p role="status">{given === null ? '' : say('rated', { rate: say(`rate_${given}`) })}</p>
    </div>
  )
}
