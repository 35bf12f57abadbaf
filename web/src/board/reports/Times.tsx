import type { Definition, FigureGroup, ResponseTimes, StageFigures, Target } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { Tag } from '../../ui/Marks'
import { givenOf, type Given, hashOf, kept, useGoing } from './address'
import { useDefinitions, useTimes } from './api'
import { Chart } from './Chart'
import { chinaDay } from '../../kernel/time'
import { duration, lastDay, percent } from './figures'
import { Filters } from './Filters'
import { useInWords } from './Indicators'
import { AsOf, Crumbs, Files, Meaning, Seconds, Sheet, Stale, Table, Waiting } from './parts'
import { Period } from './Period'
import { figuresOf, nameOf, type Stage, stageOf } from './stages'

/** The filters of an address of the API under the period of this page. */
const filtersOf = (path: string, given: Given): Given => {
  const { from: _, to: __, ...filters } = givenOf(path)
  return { ...kept(given), ...filters }
}

/** A number that opens the list of what it counts. */
function Count({ n, group, extra }: { n: number; group: FigureGroup; extra: Given }) {
  const speak = useSpeak()
  const { given } = useGoing()
  if (n === 0) return <>0</>
  const href = hashOf({ page: 'incidents', item: null, given: { ...filtersOf(group.incidents, given), ...extra } })
  return (
    <a href={href} aria-label={speak('reports/listOf', { n })}>
      {n}
    </a>
  )
}

function Within({ target, group, stage }: { target: Target; group: FigureGroup; stage: Stage }) {
  const speak = useSpeak()
  if (target.share === null) return null
  const met = target.share >= target.aim
  return (
    <span className="within block">
      {speak('reports/withinTime', { time: duration(target.seconds, speak) })} <strong>{percent(target.share)}</strong>{' '}
      <Tag tone={met ? 'good' : 'warn'}>{speak(met ? 'reports/met' : 'reports/unmetAim', { aim: percent(target.aim) })}</Tag>
      {target.within < (figuresOf(group, stage)?.n ?? 0) && <LateLink group={group} stage={stage} seconds={target.seconds} />}
    </span>
  )
}

function LateLink({ group, stage, seconds }: { group: FigureGroup; stage: Stage; seconds: number }) {
  const speak = useSpeak()
  const { given } = useGoing()
  return (
    <a className="small late-link" href={hashOf({ page: 'incidents', item: null, given: { ...filtersOf(group.incidents, given), stage, late: String(seconds) } })}>
      {speak('reports/lateOnes')}
    </a>
  )
}

function Cells({ group, figures }: { group: FigureGroup; figures: StageFigures | undefined }) {
  if (!figures) return <td colSpan={6} />
  return (
    <>
      <td>
        <Count n={figures.n} group={group} extra={{ stage: figures.stage }} />
      </td>
      {([figures.p50_s, figures.p90_s, figures.p95_s, figures.p99_s] as const).map((seconds, at) => (
        <td key={at}>
          <Seconds value={seconds} />
        </td>
      ))}
      <td>
        {figures.targets.map((target) => (
          <Within key={target.seconds} target={target} group={group} stage={figures.stage} />
        ))}
      </td>
    </>
  )
}

function About({ definition }: { definition: Definition | undefined }) {
  const say = useInWords()
  if (!definition) return null
  return (
    <Meaning name={say(definition.name)}>
      <p>{say(definition.means)}</p>
      <p className="code quiet">{definition.tags.join(' ')}</p>
    </Meaning>
  )
}

const COLUMNS = ['n', 'p50', 'p90', 'p95', 'p99', 'inTarget'] as const

/** Every stage of everything together. */
function Whole({ view }: { view: ResponseTimes }) {
  const speak = useSpeak()
  const going = useGoing()
  const { data: definitions } = useDefinitions()
  const head = [speak('reports/stage'), ...COLUMNS.map((one) => speak(`reports/column/${one}`))]
  return (
    <Table title={speak('reports/whole', { n: view.total.n })} head={head}>
      {view.total.stages.map((figures) => (
        <tr key={figures.stage} data-stage={figures.stage} data-selected={figures.stage === stageOf(going.given['stage'])}>
          <th scope="row">
            <a href={going.here({ stage: figures.stage })}>{speak.word('reportStage', figures.stage)}</a> <About definition={definitions?.stages.find(({ stage }) => stage === figures.stage)} />
          </th>
          <Cells group={view.total} figures={figures} />
        </tr>
      ))}
    </Table>
  )
}

function Name({ group, by }: { group: FigureGroup; by: string }) {
  const speak = useSpeak()
  const { given } = useGoing()
  const name = nameOf(group, by, speak)
  if (!group.within) return <>{name}</>
  const deeper = { ...filtersOf(group.within, given), ...(given['stage'] ? { stage: given['stage'] } : {}), by: 'division' }
  return <a href={hashOf({ page: 'times', item: null, given: deeper })}>{name}</a>
}

const DRAWN_AT_MOST = 31

function Bars({ view, stage }: { view: ResponseTimes; stage: Stage }) {
  const speak = useSpeak()
  const shown = view.groups.filter((group) => (figuresOf(group, stage)?.n ?? 0) > 0).slice(0, DRAWN_AT_MOST)
  if (shown.length === 0) return null
  const [target] = figuresOf(view.total, stage)?.targets ?? []
  const values = (which: 'p50_s' | 'p90_s') => shown.map((group) => figuresOf(group, stage)?.[which] ?? null)
  return (
    <Chart
      title={speak('reports/chartOf', { stage: speak.word('reportStage', stage) })}
      names={shown.map((group) => nameOf(group, view.by, speak))}
      series={[
        { name: speak('reports/half'), values: values('p50_s') },
        { name: speak('reports/nineOfTen'), values: values('p90_s') },
      ]}
      aim={target ? { at: target.seconds, words: duration(target.seconds, speak) } : null}
      words={(value) => duration(value, speak)}
    />
  )
}

/** One stage, part by part. */
function Parts({ view }: { view: ResponseTimes }) {
  const speak = useSpeak()
  const { given } = useGoing()
  const stage = stageOf(given['stage'])
  const by = view.by ?? 'division'
  if (view.groups.length === 0) return null
  const head = [speak(`reports/grouping/${by}`), ...COLUMNS.map((one) => speak(`reports/column/${one}`))]
  const foot = (
    <tr>
      <th scope="row">{speak('reports/total')}</th>
      <Cells group={view.total} figures={figuresOf(view.total, stage)} />
    </tr>
  )
  return (
    <>
      <Table title={speak('reports/parts', { stage: speak.word('reportStage', stage), by: speak(`reports/grouping/${by}`) })} head={head} foot={foot}>
        {view.groups.map((group) => (
          <tr key={`${group.key} ${group.rest}`} data-group={group.key ?? 'rest'}>
            <th scope="row">
              <Name group={group} by={by} />
            </th>
            <Cells group={group} figures={figuresOf(group, stage)} />
          </tr>
        ))}
      </Table>
      <Bars view={view} stage={stage} />
    </>
  )
}

function HowCounted({ error }: { error: number }) {
  const speak = useSpeak()
  const say = useInWords()
  const { data } = useDefinitions()
  if (!data) return null
  return (
    <footer className="small quiet how">
      <p>{say(data.left_out)}</p>
      <p>
        {say(data.percentiles)} {speak('reports/error', { n: percent(error) })}
      </p>
      <p>{say(data.small_cells)}</p>
    </footer>
  )
}

/** From the press to the close: every stage with its percentiles and its aim, at every level, by anything. */
export function Times({ widest }: { widest: string }) {
  const speak = useSpeak()
  const { given } = useGoing()
  const { data: view, error } = useTimes({ by: 'division', ...given })
  if (!view) return <Sheet title={speak('reportsPage/times')}><Waiting error={error} /></Sheet>
  const name = view.path.at(-1)?.name ?? view.division
  return (
    <Sheet title={speak('reports/timesOf', { name })} about={<><Crumbs above={view.path} widest={widest} /><AsOf at={view.as_of} /></>} actions={<Files what="response-times" given={{ ...given, from: chinaDay(Date.parse(view.since)), to: lastDay(view.until) }} />}>
      <Stale error={error} />
      <Period since={view.since} until={view.until} />
      <Filters />
      <Whole view={view} />
      <Parts view={view} />
      <HowCounted error={view.error} />
    </Sheet>
  )
}
