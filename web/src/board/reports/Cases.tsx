import Button from '@mui/material/Button'
import { lazy, Suspense } from 'react'
import type { IndicatorCase } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { Clock } from '../../ui/Times'
import { useGoing } from './address'
import { useCases, useIndicators } from './api'
import { useInWords } from './Indicators'
import { Files, Seconds, Sheet, Table, Waiting } from './parts'

const Reveal = lazy(() => import('../authority').then((it) => ({ default: it.Reveal })))

function Row({ one, reveals }: { one: IndicatorCase; reveals: boolean }) {
  const speak = useSpeak()
  const going = useGoing()
  return (
    <tr>
      <th scope="row">{one.what === 'incident' ? <a href={going.to('replay', {}, one.id)}>{one.id}</a> : one.id}</th>
      <td>
        {one.name_masked}{' '}
        {reveals && one.what === 'elder' && (
          <Suspense>
            <Reveal elder={one.id} name={one.name_masked} />
          </Suspense>
        )}
      </td>
      <td>
        {one.place} <span className="quiet">{one.division_name}</span>
      </td>
      <td>
        <Clock at={one.at} />
      </td>
      <td>
        <Seconds value={one.seconds} />
      </td>
      <td>{one.reasons.map((reason) => speak.word('missing', reason)).join(speak('reports/and'))}</td>
    </tr>
  )
}

/** Who or what an indicator counts as missing its target. */
export function Cases({ code, reveals }: { code: string; reveals: boolean }) {
  const speak = useSpeak()
  const say = useInWords()
  const going = useGoing()
  const { items, error, isPending, hasNextPage, fetchNextPage } = useCases(code, going.given)
  const { data: pack } = useIndicators(going.given)
  const found = pack?.items.find((one) => one.code === code)
  const head = (['id', 'person', 'place', 'at', 'took', 'why'] as const).map((one) => speak(`reports/column/${one}`))
  return (
    <Sheet title={speak('reports/casesOf', { name: found ? say(found.name) : code })} about={<a href={going.to('indicators')}>{speak('reports/backTo', { page: speak('reportsPage/indicators') })}</a>} actions={<Files what="cases" given={{ ...going.given, indicator: code }} />}>
      {(isPending || error !== null) && <Waiting error={error} />}
      {!isPending && items.length === 0 && <p className="good-news">{speak('reports/noCases')}</p>}
      {items.length > 0 && (
        <Table title={speak('reports/cases')} head={head} hideTitle>
          {items.map((one) => (
            <Row key={one.id} one={one} reveals={reveals} />
          ))}
        </Table>
      )}
      {hasNextPage && (
        <Button variant="outlined" color="inherit" onClick={() => void fetchNextPage()}>
          {speak('common/more')}
        </Button>
      )}
    </Sheet>
  )
}
