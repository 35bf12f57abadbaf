import type { OutageLine } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { useOutages } from '../things/api'
import { Ago, Span } from '../things/Marks'
import { Tag } from '../ui/Marks'
import { useSteps } from '../ui/steps'

function Row({ outage, selected, choose }: { outage: OutageLine; selected: boolean; choose: (id: string) => void }) {
  const speak = useSpeak()
  const over = outage.ended_at !== null
  return (
    <li className="row" data-selected={selected}>
      <button type="button" className="open" data-row={outage.outage} aria-current={selected ? 'true' : undefined} onClick={() => choose(outage.outage)}>
        <span className="line">
          <strong className="kind">{outage.area ?? outage.division}</strong>
          <Tag tone={over ? 'plain' : 'warn'}>{speak(over ? 'outages/over' : 'outages/now')}</Tag>
          <span className="end">
            <Ago at={outage.opened_at} />
          </span>
        </span>
        <span className="line">{speak('outages/silent', { n: outage.devices, still: outage.silent })}</span>
        <span className="line small">
          <Span from={outage.opened_at} until={outage.ended_at} />
          <span>{outage.incident}</span>
        </span>
      </button>
    </li>
  )
}

export function OutageList({ selected, choose }: { selected: string | null; choose: (id: string) => void }) {
  const speak = useSpeak()
  const { items, error, isPending } = useOutages()
  const { list, onKeyDown } = useSteps()
  return (
    <nav className="queue" ref={list} onKeyDown={onKeyDown} aria-label={speak('outages/title')}>
      {isPending && <p className="quiet empty">{speak('common/loading')}</p>}
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {!isPending && error === null && items.length === 0 && <p className="quiet empty">{speak('outages/none')}</p>}
      <ul>
        {items.map((outage) => (
          <Row key={outage.outage} outage={outage} selected={selected === outage.outage || selected === outage.incident} choose={choose} />
        ))}
      </ul>
    </nav>
  )
}
