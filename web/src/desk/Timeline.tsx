import type { IncidentView, TimelineLine } from '../generated/http'
import { type Speak, useSpeak } from '../kernel/i18n'
import { Tag } from '../ui/Marks'
import { sentenceOf } from '../ui/sentence'
import { Clock } from '../ui/Times'
import { calleeName } from './history'

/** A person's name; what the platform did by itself needs no name. */
const personOf = ({ actor }: TimelineLine): string => (actor.includes(':') ? '' : actor)

export const sentence = (line: TimelineLine, speak: Speak, view: IncidentView): string =>
  sentenceOf({ tag: line.tag, params: line.params, by: personOf(line), callee: (id) => calleeName(view, id, speak) }, speak)

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
