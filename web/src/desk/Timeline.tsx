import type { IncidentView, TimelineLine } from '../generated/http'
import { type Speak, useSpeak } from '../kernel/i18n'
import { wholeMinutes } from '../kernel/time'
import { Tag } from '../ui/Marks'
import { Clock } from '../ui/Times'
import { calleeName } from './history'

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** A person's name; what the platform did by itself needs no name. */
const personOf = ({ actor }: TimelineLine): string => (actor.includes(':') ? '' : actor)

/** What happened, in words; a tag this screen does not know is shown as it came. */
export function sentence(line: TimelineLine, speak: Speak, view: IncidentView): string {
  const { params: p, tag } = line
  if (!speak.has(`timeline/${tag}`)) return tag
  const why = text(p['why'])
  const words = {
    ...p,
    who: text(p['responder_name']) || text(p['who']) || text(p['name']) || personOf(line) || speak('timeline/system'),
    text: speak.word('decline', text(p['text'])),
    level: speak.word('level', text(p['priority'])),
    was: speak.word('level', text(p['was'])),
    why: speak.word('rungWhy', why),
    reason: speak.word('decline', why || text(p['reason'])),
    outcome: speak.word('outcome', text(p['outcome']) || why) || speak('panel/notSaid'),
    what: speak.word('kind', text(p['what'])),
    callee: calleeName(view, text(p['callee']), speak),
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

function By({ line, said }: { line: TimelineLine; said: string }) {
  const name = personOf(line)
  return name && !said.includes(name) ? <span className="quiet">{name}</span> : null
}

export function Timeline({ view }: { view: IncidentView }) {
  const speak = useSpeak()
  return (
    <section aria-labelledby="p-timeline">
      <h2 id="p-timeline">{speak('panel/timeline')}</h2>
      <ol className="lines">
        {[...view.timeline].reverse().map((line) => (
          <li key={line.id}>
            <Clock at={line.at} />
            <span>
              {sentence(line, speak, view)} <By line={line} said={sentence(line, speak, view)} /> {line.params['by_phone'] === true && <Tag>{speak('onBehalf/mark')}</Tag>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
