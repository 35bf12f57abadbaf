import type { Asking } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { useOrderOf } from '../kernel/order'
import { Ask } from '../ui/Ask'
import { useDraft, wordsOf } from './draft'
import { Area, type FormProps } from './Forms'

/** The device beside her says a sentence: she hears that somebody comes though nobody could reach her. */
export function SpeakForm({ row, close }: FormProps) {
  const speak = useSpeak()
  const order = useOrderOf('incident')
  const words = wordsOf(row.incident, 'speak')
  const [say, setSay] = useDraft(`${words}say`, speak('quick/speakDefault'))
  const device = row.device ?? ''
  const send = async () => {
    const body: Asking = { cmd: 'speak', s: null, say }
    return (await order.send({ path: `/devices/${encodeURIComponent(device)}/ask`, body })) !== null
  }
  return (
    <Ask title={speak('quick/speakTitle', { device })} action={speak('quick/speakDo')} ready={say.trim() !== ''} command={order} draft={words} close={close} send={send}>
      <p>{speak('quick/speakBody')}</p>
      <Area label={speak('quick/speakWords')} value={say} change={setSay} required />
    </Ask>
  )
}
