import Button from '@mui/material/Button'
import { type ReactNode, useState } from 'react'
import type { Account, SeriesLine, ServiceLine } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { chinaDay, serverClock } from '../../kernel/time'
import { Glyph, Tag } from '../../ui/Marks'
import { yuan } from '../money'
import { useCatalogue, useSeries } from './api'
import { PriceForm, ServiceForm } from './PriceForms'
import { clockOf, nameOf, pricesFrom, ruleInWords } from './rules'
import { SeriesForm, StopForm } from './SeriesForms'

function Part({ id, title, hint, action, children }: { id: string; title: string; hint: string; action: ReactNode; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="part">
      <div className="line">
        <h2 id={id}>{title}</h2>
        <span className="end">{action}</span>
      </div>
      <p className="quiet">{hint}</p>
      {children}
    </section>
  )
}

function Head({ columns }: { columns: readonly string[] }) {
  return (
    <thead>
      <tr>
        {columns.map((one) => (
          <th key={one} scope="col">
            {one}
          </th>
        ))}
      </tr>
    </thead>
  )
}

function Prices({ service }: { service: ServiceLine }) {
  const speak = useSpeak()
  const prices = pricesFrom(service.prices, chinaDay(serverClock.now()))
  if (prices.length === 0) return <span className="quiet">{speak('services/unpriced')}</span>
  return (
    <ul className="plain">
      {prices.map(({ price, cents, subsidy_permille, since, until }) => (
        <li key={price}>
          {speak('services/yuan', { yuan: yuan(cents), share: subsidy_permille / 10 })} <span className="quiet">{until ? speak('services/span', { since, until }) : speak('services/since', { day: since })}</span>
        </li>
      ))}
    </ul>
  )
}

function Line({ service, division, decides }: { service: ServiceLine; division: string; decides: boolean }) {
  const speak = useSpeak()
  const [changing, setChanging] = useState(false)
  return (
    <tr data-service={service.code}>
      <th scope="row">
        {nameOf(service, speak)} {!service.offered && <Tag>{speak('services/notOffered')}</Tag>}
      </th>
      <td>{speak('services/takes', { minutes: service.minutes, hands: service.hands })}</td>
      <td>
        <Prices service={service} />
      </td>
      {decides && (
        <td>
          <Button variant="outlined" color="inherit" onClick={() => setChanging(true)}>
            {speak('services/change')}
          </Button>
          {changing && <PriceForm service={service} division={division} close={() => setChanging(false)} />}
        </td>
      )}
    </tr>
  )
}

function Catalogue({ account }: { account: Account }) {
  const speak = useSpeak()
  const { data, error, isPending } = useCatalogue(account.division)
  const [adding, setAdding] = useState(false)
  const decides = account.role !== 'desk'
  const columns = (['service', 'takes', 'price', ...(decides ? (['change'] as const) : [])] as const).map((one) => speak(`services/column/${one}`))
  const add = decides && (
    <Button variant="outlined" color="inherit" onClick={() => setAdding(true)}>
      {speak('services/add')}
    </Button>
  )
  return (
    <Part id="catalogue" title={speak('services/catalogue')} hint={speak('services/catalogueHint')} action={add}>
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {!isPending && data?.items.length === 0 && <p className="quiet">{speak('services/none')}</p>}
      {data && data.items.length > 0 && (
        <table>
          <Head columns={columns} />
          <tbody>
            {data.items.map((one) => (
              <Line key={one.code} service={one} division={account.division} decides={decides} />
            ))}
          </tbody>
        </table>
      )}
      {adding && <ServiceForm division={account.division} close={() => setAdding(false)} />}
    </Part>
  )
}

function Standing({ one, service }: { one: SeriesLine; service: string }) {
  const speak = useSpeak()
  const [stopping, setStopping] = useState(false)
  return (
    <tr data-series={one.series}>
      <th scope="row">{one.name_masked}</th>
      <td>{service}</td>
      <td>{speak('services/between', { rule: ruleInWords(one.rule, speak), from: clockOf(one.first_min), to: clockOf(one.last_min) })}</td>
      <td>{one.until ? speak('services/until', { from: one.first_day, until: one.until }) : one.first_day}</td>
      <td>
        {one.ended_at ? (
          <Tag>{speak('services/ended')}</Tag>
        ) : (
          <Button variant="outlined" color="inherit" onClick={() => setStopping(true)}>
            {speak('services/stop')}
          </Button>
        )}
        {stopping && <StopForm one={one} service={service} close={() => setStopping(false)} />}
      </td>
    </tr>
  )
}

function StandingOrders({ account }: { account: Account }) {
  const speak = useSpeak()
  const { items, error, isPending, hasNextPage, fetchNextPage } = useSeries()
  const { data } = useCatalogue(account.division)
  const [adding, setAdding] = useState(false)
  const services = new Map(data?.items.map((one) => [one.code, nameOf(one, speak)]))
  const add = (
    <Button variant="outlined" color="inherit" onClick={() => setAdding(true)}>
      {speak('services/new')}
    </Button>
  )
  return (
    <Part id="series" title={speak('services/series')} hint={speak('services/seriesHint')} action={add}>
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {!isPending && error === null && items.length === 0 && <p className="quiet">{speak('services/seriesNone')}</p>}
      {items.length > 0 && (
        <table>
          <Head columns={(['who', 'what', 'when', 'first', 'end'] as const).map((one) => speak(`services/seriesColumn/${one}`))} />
          <tbody>
            {items.map((one) => (
              <Standing key={one.series} one={one} service={services.get(one.service) ?? one.service} />
            ))}
          </tbody>
        </table>
      )}
      {hasNextPage && <Button onClick={() => void fetchNextPage()}>{speak('common/more')}</Button>}
      {adding && <SeriesForm close={() => setAdding(false)} />}
    </Part>
  )
}

/** What can be ordered here and what it costs, and what comes again by itself. */
export function Services({ account, back }: { account: Account; back: () => void }) {
  const speak = useSpeak()
  return (
    <article className="sheet record" aria-labelledby="services">
      <Button className="back" color="inherit" startIcon={<Glyph name="back" />} onClick={back}>
        {speak('common/back')}
      </Button>
      <h1 id="services">{speak('services/title')}</h1>
      <Catalogue account={account} />
      <StandingOrders account={account} />
    </article>
  )
}
