import { useState } from 'react'
import { canSpeak, hush, speak } from './speak'
import { useWords } from './words'

/** Says aloud what stands on the page, and stops when pressed again. */
export function ReadAloud() {
  const { say, lang } = useWords()
  const [reading, setReading] = useState(false)
  if (!canSpeak) return null
  const read = () => {
    if (reading) hush()
    else speak(document.getElementById('page')?.innerText ?? '', lang, () => setReading(false))
    setReading(!reading)
  }
  return (
    <button type="button" className="plain" aria-pressed={reading} onClick={read}>
      {say(reading ? 'stopReading' : 'readPage')}
    </button>
  )
}
