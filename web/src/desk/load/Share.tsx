import { useSpeak } from '../../kernel/i18n'
import { Tag } from '../../ui/Marks'
import { useDesk } from '../live'
import { useFlood } from './api'

/** In a flood: which seat a waiting incident is dealt to. Anybody may take it all the same. */
export function Share({ incident }: { incident: string }) {
  const speak = useSpeak()
  const { account } = useDesk()
  const { shares, names } = useFlood()
  const to = shares[incident]
  if (!to) return null
  if (to === account.id) return <Tag tone="alert">{speak('flood/yours')}</Tag>
  return <Tag>{speak('flood/theirs', { who: names[to] ?? to })}</Tag>
}
