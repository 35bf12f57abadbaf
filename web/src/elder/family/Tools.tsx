import { prefer } from '../../kernel/preferences'
import { choose, STEPS, useLook } from '../look'
import { useWords } from '../words'

/** Larger letters and the other language, on the first page. */
export function TextSize() {
  const { say, lang } = useWords()
  const { step, large } = useLook()
  const next = STEPS[(STEPS.indexOf(step) + 1) % STEPS.length] ?? STEPS[0]
  const other = lang === 'en' ? 'zh-CN' : 'en'
  return (
    <div className="tools">
      <button type="button" className="plain" onClick={() => choose({ step: large ? next : step, large: true })}>
        {say('letters')}: {say(large ? `size${step}` : 'size18')}
      </button>
      <button type="button" className="plain" lang={other} onClick={() => prefer({ lang: other })}>{say('other')}</button>
    </div>
  )
}
