import type { Indicator, IndicatorValue, Indicators as View } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { Tag } from '../../ui/Marks'
import { useGoing } from './address'
import { useIndicators } from './api'
import { percent } from './figures'
import { AsOf, Crumbs, Files, Meaning, Share, Sheet, Stale, Table, Waiting, wayOf } from './parts'
import { Period } from './Period'

const GROUPS: readonly Indicator['group'][] = ['answer', 'arrival', 'alarms', 'reach', 'care', 'devices', 'contacts', 'protection']

export const useInWords = () => {
  const { lang } = useSpeak()
  return (words: { zh: string; en: string }) => (lang === 'en' ? words.en : words.zh)
}

/** Reached or not, in a word and a sign. */
function Met({ met }: { met: boolean | null }) {
  const speak = useSpeak()
  if (met === null) return null
  return <Tag tone={met ? 'good' : 'warn'}>{speak(met ? 'reports/met' : 'reports/unmet')}</Tag>
}

function Value({ one, unit }: { one: IndicatorValue; unit: Indicator['unit'] }) {
  const speak = useSpeak()
  if (unit === 'score' && one.value !== null && !one.few) return <strong>{Math.round(one.value * 10) / 10}</strong>
  if (one.few || one.value === null) return <span className="quiet">{speak(one.few ? 'reports/few' : 'reports/none')}</span>
  return <Share value={one.value} low={one.low} high={one.high} n={one.denominator} />
}

function Row({ one }: { one: Indicator }) {
  const speak = useSpeak()
  const going = useGoing()
  const say = useInWords()
  const name = one.part ? `${say(one.name)} · ${one.part}` : say(one.name)
  return (
    <tr data-indicator={one.code}>
      <th scope="row">
        {name}{' '}
        <Meaning name={name}>
          <p>{say(one.formula)}</p>
          <p className="quiet">{say(one.source)}</p>
        </Meaning>
      </th>
      <td>
        <Value one={one} unit={one.unit} />
      </td>
      <td>{one.target === null ? '—' : speak(`reports/aim/${one.better}`, { n: one.unit === 'score' ? one.target : percent(one.target) })}</td>
      <td>
        <Met met={one.met} />
      </td>
      <td>
        {one.cases && (
          <a className="go" href={going.to('cases', { part: one.part }, one.code)} aria-label={speak('reports/casesOf', { name })}>
            {speak('reports/cases')}
          </a>
        )}
        {one.group === 'reach' && (
          <a className="go" href={going.to('hours')}>
            {speak('reports/byHour')}
          </a>
        )}
      </td>
    </tr>
  )
}

function Below({ view }: { view: View }) {
  const speak = useSpeak()
  const going = useGoing()
  const say = useInWords()
  const told = view.items.filter(({ part }) => part === '')
  const chosen = told.find(({ code }) => code === going.given['indicator']) ?? told[0]
  if (view.lines.length === 0 || !chosen) return null
  return (
    <>
      <label className="choose-one no-paper">
        <span>{speak('reports/compareBy')}</span>
        <select value={chosen.code} onChange={(event) => going.set({ indicator: event.target.value })}>
          {told.map(({ code, name }) => (
            <option key={code} value={code}>
              {say(name)}
            </option>
          ))}
        </select>
      </label>
      <Table title={speak('reports/compare', { name: say(chosen.name) })} head={[speak('reports/column/place'), say(chosen.name), speak('reports/column/met')]}>
        {view.lines.map(({ division, name, values }) => {
          const value = values[chosen.code]
          return (
            <tr key={division}>
              <th scope="row">{division.length < 12 ? <a href={going.here({ division })}>{name}</a> : name}</th>
              <td>{value ? <Value one={value} unit={chosen.unit} /> : '—'}</td>
              <td>{value && <Met met={value.met} />}</td>
            </tr>
          )
        })}
      </Table>
    </>
  )
}

/** The pack: each indicator with its formula, its aim, where it comes from, and the list behind it. */
export function Indicators({ widest }: { widest: string }) {
  const speak = useSpeak()
  const { given } = useGoing()
  const { data: view, error } = useIndicators(given)
  if (!view) return <Sheet title={speak('reportsPage/indicators')}><Waiting error={error} /></Sheet>
  const head = [speak('reports/column/indicator'), speak('reports/column/value'), speak('reports/column/aim'), speak('reports/column/met'), speak('reports/column/list')]
  return (
    <Sheet
      title={speak('reports/indicatorsOf', { name: view.name })}
      about={<><Crumbs above={wayOf(view)} widest={widest} /><AsOf at={view.as_of} /></>}
      actions={<Files what="indicators" />}
    >
      <Stale error={error} />
      <Period since={view.since} until={view.until} />
      {GROUPS.filter((group) => view.items.some((one) => one.group === group)).map((group) => (
        <Table key={group} title={speak(`reports/group/${group}`)} head={head}>
          {view.items.filter((one) => one.group === group).map((one) => (
            <Row key={`${one.code} ${one.part}`} one={one} />
          ))}
        </Table>
      ))}
      <Below view={view} />
    </Sheet>
  )
}
