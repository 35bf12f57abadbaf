import type { AlarmHeard } from '../generated/console'
import type { IncidentRow } from '../generated/http'
import type { Item } from '../kernel/state/queue'
import { Heard } from './Heard'
import { Row } from './Row'
import './rows.css'

const isRow = (item: Item<IncidentRow | AlarmHeard>): item is Item<IncidentRow> => 'incident' in item.d

interface RowsProps {
  items: readonly Item<IncidentRow | AlarmHeard>[]
  selected: string | null
  choose: (incident: string) => void
}

/**
 * Every row is on the page, so that all of them are seen, found and reached by keyboard; the browser lays out and
 * paints only those near the window.
 */
export function Rows({ items, selected, choose }: RowsProps) {
  return (
    <ul className="rows">
      {items.map((item) =>
        isRow(item) ? <Row key={item.key} item={item} selected={item.key === selected} choose={choose} /> : <Heard key={item.key} word={item.d as AlarmHeard} />,
      )}
    </ul>
  )
}
