import Button from '@mui/material/Button'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { IncidentReplay, ReplayStep } from '../../generated/http'
import { type Speak, useSpeak } from '../../kernel/i18n'
import { elapsed } from '../../kernel/time'
import { LevelMark, Tag } from '../../ui/Marks'
import { sentenceOf } from '../../ui/sentence'
import { Clock } from '../../ui/Times'
import { caseFileOf, useReplay } from './api'
import { duration } from './figures'
import { Sheet, Stale, Waiting } from './parts'
import { reachedAt, type Speed, SPEEDS, usePlaying } from './playing'
import { Tones } from './tones'

const Retold = lazy(() => import('../../map').then((map) => ({ default: map.Retold })))

const signed = (s: number): string => (s < 0 ? `−${elapsed(-s * 1000)}` : elapsed(s * 1000))

const told = (step: ReplayStep, speak: Speak): string =>
  sentenceOf({ tag: step.tag, params: step.params, by: step.who ?? '', callee: (id) => (id === 'elder' ? speak('callee/elder') : id) }, speak)

/** Tones for what is passed while it plays, once somebody has asked for them. */
function useTones(replay: IncidentReplay) {
  const tones = useRef<Tones | null>(null)
  const [on, setOn] = useState(false)
  useEffect(() => () => tones.current?.close(), [])
  const turn = async () => {
    if (!on) await (tones.current ??= new Tones()).open()
    setOn(!on)
  }
  const passed = (steps: readonly ReplayStep[]) => {
    if (on && steps.some(({ sound }) => sound !== null)) tones.current?.strike(replay.priority)
  }
  return { on, turn, passed }
}

interface StepsProps {
  steps: readonly ReplayStep[]
  reached: number
  seek: (s: number) => void
}

function Steps({ steps, reached, seek }: StepsProps) {
  const speak = useSpeak()
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [reached])
  return (
    <ol className="steps" ref={list} aria-label={speak('reports/steps')}>
      {steps.map((step, at) => (
        <li key={at} data-reached={at < reached}>
          <button type="button" aria-current={at === reached - 1 ? 'step' : undefined} onClick={() => seek(step.s)}>
            <span className="mono when">{signed(step.s)}</span>
            <span>
              {told(step, speak)} {step.stage && <Tag tone="good">{speak.word('reportStage', step.stage)}</Tag>} {step.sound && <Tag>{speak('reports/rang')}</Tag>}
            </span>
            <span className="small quiet">
              <Clock at={step.at} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}

type Playing = ReturnType<typeof usePlaying>

/** The time line: every step is a mark on it. */
function Line({ replay, playing }: { replay: IncidentReplay; playing: Playing }) {
  const speak = useSpeak()
  const { at, first, last } = playing
  const part = (s: number) => `${((s - first) / (last - first)) * 100}%`
  return (
    <div className="line-of-time">
      <div className="ticks" aria-hidden="true">
        {replay.steps.map(({ s, stage }, n) => (
          <span key={n} data-stage={stage !== null} style={{ insetInlineStart: part(s) }} />
        ))}
      </div>
      <input type="range" min={first} max={last} step={0.1} value={at} aria-label={speak('reports/moment')} aria-valuetext={signed(at)} onChange={(event) => playing.seek(Number(event.target.value))} />
      <span className="ends small quiet">
        <span className="mono">{signed(first)}</span>
        <span className="mono">{signed(last)}</span>
      </span>
    </div>
  )
}

function Player({ replay }: { replay: IncidentReplay }) {
  const speak = useSpeak()
  const tones = useTones(replay)
  const playing = usePlaying(replay, tones.passed)
  return (
    <>
      <div className="player no-paper">
        <Button variant="contained" className="primary" onClick={playing.turn}>
          {speak(playing.on ? 'reports/pause' : 'reports/play')}
        </Button>
        <ToggleButtonGroup exclusive value={playing.speed} aria-label={speak('reports/speed')} onChange={(_, next: Speed | null) => next && playing.setSpeed(next)}>
          {SPEEDS.map((one) => (
            <ToggleButton key={one} value={one}>
              ×{one}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <Button variant="outlined" color="inherit" aria-pressed={tones.on} onClick={() => void tones.turn()}>
          {speak(tones.on ? 'reports/tonesOff' : 'reports/tonesOn')}
        </Button>
        <strong className="mono at">{signed(playing.at)}</strong>
      </div>
      <Line replay={replay} playing={playing} />
      <div className="retold">
        <Steps steps={replay.steps} reached={reachedAt(replay.steps, playing.at)} seek={playing.seek} />
        <div className="where no-paper">
          <Suspense fallback={<p className="quiet">{speak('map/loading')}</p>}>
            <Retold replay={replay} s={playing.at} />
          </Suspense>
        </div>
      </div>
    </>
  )
}

/** How long each stage took, in the order of the way. */
function Stages({ replay }: { replay: IncidentReplay }) {
  const speak = useSpeak()
  const stages = replay.steps.filter(({ stage }) => stage !== null)
  return (
    <dl className="stages">
      {stages.map(({ stage, s }) => (
        <div key={stage}>
          <dt>{speak.word('reportStage', stage)}</dt>
          <dd>{duration(s, speak)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** An incident told again: step by step, on a map, with its sounds. */
export function Replay({ incident }: { incident: string }) {
  const speak = useSpeak()
  const { data: replay, error } = useReplay(incident)
  const title = speak('reports/replayTitle', { incident })
  if (!replay) return <Sheet title={title}><Waiting error={error} /></Sheet>
  const about = (
    <>
      <LevelMark priority={replay.priority} size={20} />
      <strong>{speak.word('kind', replay.kind)}</strong>
      {replay.drill && <Tag tone="drill">{speak('app/drill')}</Tag>}
      <span>
        {[replay.name_masked, replay.place, replay.division_name].filter(Boolean).join(' · ')}
      </span>
      <span>
        <Clock at={replay.pressed_at} /> – {replay.ended_at ? <Clock at={replay.ended_at} /> : speak('reports/goesOn')}
      </span>
      {replay.outcome && <Tag>{speak.word('outcome', replay.outcome)}</Tag>}
    </>
  )
  return (
    <Sheet
      title={title}
      about={about}
      actions={
        <Button variant="outlined" color="inherit" href={caseFileOf(incident, speak.lang)} download>
          {speak('reports/caseFile')}
        </Button>
      }
    >
      <Stale error={error} />
      <Stages replay={replay} />
      <Player replay={replay} />
    </Sheet>
  )
}
