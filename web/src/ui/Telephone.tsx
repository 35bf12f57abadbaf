import { useSpeak } from '../kernel/i18n'
import { Glyph } from './Marks'

export function Telephone({ who, phone }: { who: string; phone: string }) {
  const speak = useSpeak()
  return (
    <a className="tel" href={`tel:${phone}`} aria-label={speak('common/callWho', { who, phone })}>
      <Glyph name="phone" />
      {phone}
    </a>
  )
}
