import Button from '@mui/material/Button'
import { useState } from 'react'
import type { ResponderLine } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { useSettled } from '../../kernel/settled'
import { Field } from '../../ui/Field'
import { responderPath, useResponder, useResponders } from './api'
import { Part } from './Part'
import { Portrait } from './Portrait'

const TYPING_MS = 250

function Badge({ responder }: { responder: string }) {
  const speak = useSpeak()
  const { data, error } = useResponder(responder)
  if (error !== null) return <p className="danger">{speak.problem(error)}</p>
  if (!data) return <p className="quiet">{speak('common/loading')}</p>
  return (
    <>
      <p>
        <strong>{data.name}</strong> <span className="quiet">{speak.word('who', data.kind)} · {data.id}</span>
      </p>
      <Portrait key={responder} path={responderPath(responder)} name={data.name} it={data.portrait} />
    </>
  )
}

/** 工牌照片: those who go, found by a few words, each with the face that elders and families are shown. */
export function Badges() {
  const speak = useSpeak()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const { data, error } = useResponders(useSettled(text.trim(), TYPING_MS))
  const words = (one: ResponderLine) => [one.name_masked, speak.word('who', one.kind), one.provider ?? '', one.id].filter(Boolean).join(' · ')
  return (
    <Part id="badges" title={speak('portrait/badges')}>
      <p className="quiet">{speak('portrait/badgesHint')}</p>
      <Field label={speak('portrait/find')} value={text} most={100} change={setText} />
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {data?.items.length === 0 && <p className="quiet" role="status">{speak('registry/none')}</p>}
      <ul className="plain">
        {data?.items.map((one) => (
          <li key={one.id}>
            <Button color="inherit" aria-expanded={chosen === one.id} onClick={() => setChosen(chosen === one.id ? null : one.id)}>
              {words(one)}
            </Button>
            {chosen === one.id && <Badge responder={one.id} />}
          </li>
        ))}
      </ul>
    </Part>
  )
}
