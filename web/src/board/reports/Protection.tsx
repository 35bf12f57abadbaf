import { lazy, Suspense } from 'react'
import type { Protection as View } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { useGoing } from './address'
import { useProtection } from './api'
import { useInWords } from './Indicators'
import { AsOf, Crumbs, Files, Sheet, Stale, Table, Waiting, wayOf } from './parts'

const Reveal = lazy(() => import('../authority').then((it) => ({ default: it.Reveal })))

function Faults({ view }: { view: View }) {
  const speak = useSpeak()
  const say = useInWords()
  return (
    <Table title={speak('reports/faults')} head={[speak('reports/column/fault'), speak('reports/column/elders'), speak('reports/column/weight')]}>
      {view.faults.map((fault) => (
        <tr key={fault.code}>
          <th scope="row">{say(fault.name)}</th>
          <td>{fault.elders ?? speak('coverage/underFive')}</td>
          <td>{fault.weight}</td>
        </tr>
      ))}
    </Table>
  )
}

function Worst({ view, reveals }: { view: View; reveals: boolean }) {
  const speak = useSpeak()
  const say = useInWords()
  const names = new Map(view.faults.map(({ code, name }) => [code, say(name)]))
  const head = (['person', 'place', 'score', 'wouldFail'] as const).map((one) => speak(`reports/column/${one}`))
  return (
    <Table title={speak('reports/worst')} head={head}>
      {view.items.map((line) => (
        <tr key={line.elder}>
          <th scope="row">
            {line.name_masked}{' '}
            {reveals && (
              <Suspense>
                <Reveal elder={line.elder} name={line.name_masked} />
              </Suspense>
            )}
          </th>
          <td>
            {line.place} <span className="quiet">{line.division_name}</span>
          </td>
          <td>
            <strong>{line.score}</strong>
          </td>
          <td>{line.faults.map((code) => names.get(code) ?? code).join(speak('reports/and'))}</td>
        </tr>
      ))}
    </Table>
  )
}

/** What would fail if she pressed now: known before she does. */
export function Protection({ widest, reveals }: { widest: string; reveals: boolean }) {
  const speak = useSpeak()
  const { given } = useGoing()
  const { data: view, error } = useProtection(given)
  if (!view) return <Sheet title={speak('reportsPage/protection')}><Waiting error={error} /></Sheet>
  const mean = view.mean === null ? '—' : String(Math.round(view.mean * 10) / 10)
  return (
    <Sheet title={speak('reports/protectionOf', { name: view.name })} about={<><Crumbs above={wayOf(view)} widest={widest} /><AsOf at={view.at} /></>} actions={<Files what="protection" />}>
      <Stale error={error} />
      <p>{speak('reports/protectionSum', { n: view.elders, mean, whole: view.whole })}</p>
      <Faults view={view} />
      {view.items.length > 0 && <Worst view={view} reveals={reveals} />}
    </Sheet>
  )
}
