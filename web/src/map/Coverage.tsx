import Button from '@mui/material/Button'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useCallback, useMemo, useState } from 'react'
import type { Coverage as CoverageView, CoverageLine } from '../generated/http'
import { type Speak, useSpeak } from '../kernel/i18n'
import { Clock, Minutes } from '../ui/Times'
import { wholeMinutes } from '../kernel/time'
import { type Box, useCoverage, usePeople, useRoads, useShapes, useSource } from './api'
import { type Mark, marksOf } from './marks'
import type { Figure, Scene } from './scene'
import { View } from './View'

const TARGETS_S = [600, 900, 1200, 1800] as const
const GOOD = 0.9
const FAIR = 0.7
const NONE: readonly never[] = []

/** How good it is that this share is reached in time. */
export function toneOf(within: number | null | undefined): Figure['tone'] {
  if (within == null) return 'none'
  if (within >= GOOD) return 'good'
  return within >= FAIR ? 'fair' : 'poor'
}

const percent = (share: number): string => `${Math.round(share * 100)}%`

function figuresOf(lines: readonly CoverageLine[]): ReadonlyMap<string, Figure> {
  return new Map(lines.map(({ division, within }) => [division, { tone: toneOf(within), words: within == null ? '' : percent(within) }]))
}

function Share({ line }: { line: CoverageLine }) {
  const speak = useSpeak()
  if (line.within == null) return <span className="quiet">{speak(line.elders == null ? 'coverage/few' : 'coverage/noElders')}</span>
  const tone = toneOf(line.within)
  return (
    <span className="share" data-tone={tone}>
      <strong>{percent(line.within)}</strong> {speak(`coverage/tone/${tone}`)}
    </span>
  )
}

const Time = ({ seconds, none }: { seconds: number | null | undefined; none: boolean }) => {
  const speak = useSpeak()
  if (seconds != null) return <Minutes seconds={seconds} />
  return <span className="quiet">{none ? '—' : speak('coverage/never')}</span>
}

function Line({ line, enter }: { line: CoverageLine; enter: ((division: string) => void) | null }) {
  const speak = useSpeak()
  const nobody = line.elders === 0
  const count = (n: number | null | undefined) => n ?? speak('coverage/underFive')
  return (
    <tr>
      <th scope="row">
        {enter ? (
          <button type="button" className="link" onClick={() => enter(line.division)}>
            {line.name}
          </button>
        ) : (
          line.name
        )}
      </th>
      <td>
        <Share line={line} />
      </td>
      <td>{count(line.elders)}</td>
      <td>{line.on_duty}</td>
      <td>{line.ready}</td>
      <td>
        <Time seconds={line.p50_s} none={nobody} />
      </td>
      <td>
        <Time seconds={line.p90_s} none={nobody} />
      </td>
      <td>{count(line.beyond)}</td>
    </tr>
  )
}

const COLUMNS = ['division', 'within', 'elders', 'onDuty', 'ready', 'p50', 'p90', 'beyond'] as const

function Table({ view, enter }: { view: CoverageView; enter: (division: string) => void }) {
  const speak = useSpeak()
  const worst = [...view.lines].sort((a, b) => (a.within ?? 2) - (b.within ?? 2) || (b.beyond ?? 0) - (a.beyond ?? 0))
  const deeper = (code: string) => (code.length < 12 && code !== view.division ? enter : null)
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={speak('coverage/table')}>
      <table className="figures">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {speak(`coverage/column/${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {worst.map((line) => (
            <Line key={line.division} line={line} enter={deeper(line.division)} />
          ))}
        </tbody>
        <tfoot>
          <Line line={{ ...view.total, name: speak('coverage/total') }} enter={null} />
        </tfoot>
      </table>
    </div>
  )
}

function Holes({ view, names }: { view: CoverageView; names: ReadonlyMap<string, string> }) {
  const speak = useSpeak()
  if (view.holes.length === 0) return <p className="good pad">{speak('coverage/noHoles')}</p>
  return (
    <section aria-labelledby="holes" className="pad">
      <h3 id="holes">{speak('coverage/holes', { n: view.holes.length })}</h3>
      <ul className="lines">
        {view.holes.slice(0, 20).map((hole) => (
          <li key={`${hole.lat} ${hole.lon}`}>
            <strong>{names.get(hole.division) ?? hole.division}</strong>
            <span>{speak('coverage/elders', { n: hole.elders ?? speak('coverage/underFive') })}</span>
            <span>{hole.eta_s == null ? speak('coverage/never') : speak('coverage/soonest', { n: wholeMinutes(hole.eta_s) })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Target({ seconds, choose }: { seconds: number; choose: (seconds: number) => void }) {
  const speak = useSpeak()
  return (
    <span className="map-tools">
      <span className="quiet" id="target">
        {speak('coverage/target')}
      </span>
      <ToggleButtonGroup exclusive value={seconds} aria-labelledby="target" onChange={(_, next: number | null) => next && choose(next)}>
        {TARGETS_S.map((one) => (
          <ToggleButton key={one} value={one}>
            {speak('coverage/minutes', { n: one / 60 })}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </span>
  )
}

function Steps({ view, widest, enter }: { view: CoverageView; widest: string; enter: (division: string) => void }) {
  const speak = useSpeak()
  const above = view.above.filter(({ code }) => code.startsWith(widest) && code.length >= widest.length)
  if (above.length === 0) return null
  return (
    <nav aria-label={speak('coverage/above')} className="map-tools">
      {above.map(({ code, name }) => (
        <Button key={code} color="inherit" onClick={() => enter(code)}>
          {name} ›
        </Button>
      ))}
    </nav>
  )
}

function useScene(division: string, view: CoverageView | undefined, box: Box | null) {
  const { data: shapes } = useShapes(division)
  const { data: people } = usePeople(division)
  const source = useSource()
  const { data: roads } = useRoads(source.kind === 'none' ? box : null)
  const scene = useMemo(
    (): Scene => ({
      division, shapes: shapes?.shapes ?? [], landmarks: NONE, roads: roads?.stretches ?? [], marks: marksOf(people?.items ?? [], null, NONE),
      figures: figuresOf(view?.lines ?? []), holes: view?.holes ?? [], alarm: null, home: null, chosen: null,
    }),
    [division, shapes, people, roads, view],
  )
  return { scene, source, shapes }
}

const silent = () => undefined
const nameless = (): string => ''

function asOf(view: CoverageView, speak: Speak) {
  return (
    <p className="quiet small pad">
      {speak('coverage/asOf')} <Clock at={view.at} /> · {speak('coverage/how')}
    </p>
  )
}

/** People on duty against elders: how soon somebody could be there, where nobody would be in time, and the same in words. */
export function Coverage({ division: widest }: { division: string }) {
  const speak = useSpeak()
  const [division, enter] = useState(widest)
  const [targetS, setTarget] = useState<number>(900)
  const [box, setBox] = useState<Box | null>(null)
  const { data: view, error } = useCoverage(division, targetS)
  const { scene, source, shapes } = useScene(division, view, box)
  const words = useCallback<(mark: Mark) => string>(nameless, [])
  const names = useMemo(() => new Map(scene.shapes.map(({ code, name }) => [code, name])), [scene.shapes])
  const ways = (
    <>
      {view && <Steps view={view} widest={widest} enter={enter} />}
      <Target seconds={targetS} choose={setTarget} />
    </>
  )
  return (
    <View
      title={speak('coverage/title', { name: view?.name ?? '' })} ways={ways} scene={scene} source={source} whole={shapes?.bounds ?? null} words={words}
      now={0} about={division} choose={silent} enter={(code) => code.length < 12 && enter(code)} seen={setBox}
    >
      {() => (
        <div className="map-list coverage">
          {error !== null && (
            <p className="danger" role="status">
              {speak.problem(error)}
            </p>
          )}
          {!view && error === null && <p className="quiet pad">{speak('common/loading')}</p>}
          {view && <Table view={view} enter={enter} />}
          {view && <Holes view={view} names={names} />}
          {view && asOf(view, speak)}
        </div>
      )}
    </View>
  )
}
