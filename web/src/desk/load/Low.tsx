import type { IncidentRow } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import type { Item } from '../../kernel/state/queue'
import { Rows } from '../Rows'
import { useFlood } from './api'

interface LowProps {
  rows: readonly Item<IncidentRow>[]
  selected: string | null
  choose: (incident: string) => void
}

/** Batteries and the like, apart from emergencies; one line while there is a flood. */
export function Low({ rows, selected, choose }: LowProps) {
  const speak = useSpeak()
  const { on } = useFlood()
  if (rows.length === 0) return null
  const list = <Rows items={rows} selected={selected} choose={choose} />
  return (
    <section aria-labelledby="group-low">
      <h2 id="group-low" title={speak('low/hint')}>
        {speak('low/title')} <span className="count">{rows.length}</span>
      </h2>
      {on ? (
        <details className="shelf">
          <summary>{speak('flood/folded', { n: rows.length })}</summary>
          {list}
        </details>
      ) : (
        list
      )}
    </section>
  )
}
