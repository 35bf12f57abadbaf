import { useSpeak } from '../../kernel/i18n'
import type { Given } from '../reports/address'
import { useMonthly } from './api'
import { percent } from '../reports/figures'
import { useInWords } from '../reports/Indicators'
import { Table, Waiting } from '../reports/parts'

/** The columns of a monthly statistical table, a line a division below; what each counts stands under it. */
export function MonthTable({ given }: { given: Given }) {
  const speak = useSpeak()
  const say = useInWords()
  const { data: view, error } = useMonthly(given)
  if (!view) return <Waiting error={error} />
  const cell = (value: number | null, at: number) => (value === null ? '—' : view.columns[at]?.share ? percent(value) : value)
  const cells = (values: readonly (number | null)[]) => values.map((value, at) => <td key={view.columns[at]?.code}>{cell(value, at)}</td>)
  return (
    <>
      <Table
        title={speak('authority/monthTable')}
        head={[speak('reports/column/place'), ...view.columns.map(({ name }) => say(name))]}
        foot={
          <tr>
            <th scope="row">{speak('reports/total')}</th>
            {cells(view.total.values)}
          </tr>
        }
      >
        {view.items.map((line) => (
          <tr key={line.division}>
            <th scope="row">{line.name}</th>
            {cells(line.values)}
          </tr>
        ))}
      </Table>
      <dl className="small meanings">
        {view.columns.map(({ code, name, means }) => (
          <div key={code}>
            <dt>{say(name)}</dt>
            <dd>{say(means)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
