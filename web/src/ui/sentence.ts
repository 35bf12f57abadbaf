import type { Speak } from '../kernel/i18n'
import { wholeMinutes } from '../kernel/time'

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

interface Happened {
  tag: string
  params: Readonly<Record<string, unknown>>
  /** Whoever did it, where a person did; else empty. */
  by: string
  /** Names whoever was telephoned. */
  callee: (id: string) => string
}

/** What happened, in words; a tag this screen does not know is shown as it came. */
export function sentenceOf({ tag, params: p, by, callee }: Happened, speak: Speak): string {
  if (!speak.has(`timeline/${tag}`)) return tag
  const why = text(p['why'])
  const words = {
    ...p,
    who: text(p['responder_name']) || text(p['who']) || text(p['name']) || by || speak('timeline/system'),
    text: speak.word('decline', text(p['text'])),
    level: speak.word('level', text(p['priority'])),
    was: speak.word('level', text(p['was'])),
    why: speak.word('rungWhy', why),
    reason: speak.word('decline', why || text(p['reason'])),
    outcome: speak.word('outcome', text(p['outcome']) || why) || speak('panel/notSaid'),
    what: speak.word('kind', text(p['what'])),
    callee: callee(text(p['callee'])),
    question: speak.word('guide', `question/${text(p['question'])}`),
    answer: speak.word('guide', `answer/${text(p['answer'])}`),
    result: speak.word('callResult', text(p['result'])),
    role: speak.word('role', text(p['role'])),
    stage: text(p['say']) || speak.word('stage', text(p['stage'])),
    handed: speak.word('handoff', `result/${text(p['result'])}`),
    thing: speak.word('handin', `kind/${text(p['what'])}`),
    message: speak.word('template', text(p['template'])),
    minutes: wholeMinutes(Number(p['eta_s'] ?? 0)),
  }
  return speak(`timeline/${tag as 'incident.opened'}`, words)
}
