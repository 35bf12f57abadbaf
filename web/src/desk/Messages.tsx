import { useQuery } from '@tanstack/react-query'
import type { IncidentRow, Messages as MessagesAnswer, MessageView } from '../generated/http'
import { request } from '../kernel/api'
import { type Speak, useSpeak } from '../kernel/i18n'
import { useSettled } from '../kernel/settled'
import { Tag, type TagTone } from '../ui/Marks'
import { Clock } from '../ui/Times'

const SETTLE_MS = 500
const EVERY_MS = 10_000
const TONES: Partial<Record<MessageView['state'], TagTone>> = { delivered: 'good', answered: 'good', failed: 'alert', expired: 'warn' }

export function useMessages(row: IncidentRow) {
  const settled = useSettled(row.ver, SETTLE_MS)
  return useQuery({
    queryKey: ['messages', row.incident, settled],
    queryFn: ({ signal }) => request<MessagesAnswer>(`/incidents/${encodeURIComponent(row.incident)}/messages`, { signal }),
    placeholderData: (before) => before,
    refetchInterval: EVERY_MS,
  })
}

/** What has become of it: of what nobody reported we don't know whether it arrived. */
export const becameOf = ({ state, reason }: MessageView, speak: Speak): string => speak.word('message', `state/${state === 'expired' && reason === 'no_report' ? reason : state}`)

function Line({ one }: { one: MessageView }) {
  const speak = useSpeak()
  return (
    <li>
      <Clock at={one.sent_at ?? one.wanted_at} />
      <span>
        {speak.word('message', `channel/${one.channel}`)} · <strong>{one.name_masked || speak.word('message', `to/${one.to_kind}`)}</strong> <span className="quiet">{speak.word('message', `to/${one.to_kind}`)}</span> · {speak.word('template', one.template)}{' '}
        <Tag tone={TONES[one.state] ?? 'plain'}>{becameOf(one, speak)}</Tag>{' '}
        {one.answer && <strong>{speak.word('message', `key/${one.answer}`)}</strong>} {one.reason && <span className="quiet">{speak.word('messageReason', one.reason)}</span>}{' '}
        {one.attempts > 1 && <span className="quiet">{speak('message/tries', { n: one.attempts })}</span>}
      </span>
    </li>
  )
}

/** What was sent beside the consoles, and whether it arrived; its words are kept nowhere. */
export function Messages({ row }: { row: IncidentRow }) {
  const speak = useSpeak()
  const { data, error } = useMessages(row)
  return (
    <section aria-labelledby="p-messages">
      <h2 id="p-messages">{speak('message/title')}</h2>
      {error !== null && <p className="quiet">{speak.problem(error)}</p>}
      {data?.items.length === 0 && <p className="quiet">{speak('message/none')}</p>}
      <ul className="lines">
        {data?.items.map((one) => (
          <Line key={one.id} one={one} />
        ))}
      </ul>
    </section>
  )
}
