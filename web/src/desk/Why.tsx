import { useQuery } from '@tanstack/react-query'
import type { AskingWave, Explanation, IncidentView, WaitLine } from '../generated/http'
import { request } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { elapsed } from '../kernel/time'
import { Clock, useLeft } from '../ui/Times'

const SUM = 'total'

/** The parts of a score, which are seconds, with their sum; parts that say nothing are left out. */
export function Parts({ score }: { score: Readonly<Record<string, number>> }) {
  const speak = useSpeak()
  const parts = Object.entries(score).filter(([name, value]) => name !== SUM && Math.round(value) !== 0)
  return (
    <span className="parts small">
      {parts.map(([name, value]) => (
        <span key={name}>
          {speak.word('part', name)} {speak('explain/seconds', { n: Math.round(value) })}
        </span>
      ))}
      {SUM in score && <strong>{speak('explain/total', { n: Math.round(score[SUM] ?? 0) })}</strong>}
    </span>
  )
}

function useExplanation({ row }: IncidentView) {
  return useQuery({
    queryKey: ['explain', row.job, row.ver],
    queryFn: ({ signal }) => request<Explanation>(`/jobs/${row.job ?? ''}/explain`, { signal }),
    placeholderData: (before) => before,
  })
}

function Wave({ wave }: { wave: AskingWave }) {
  const speak = useSpeak()
  return (
    <li>
      <p>
        <strong>{speak('explain/wave', { wave: wave.wave, n: wave.asked })}</strong> <Clock at={wave.at} />
      </p>
      {wave.passed_over.length === 0 && <p className="quiet small">{speak('explain/nobodyPassed')}</p>}
      <ul className="passed">
        {wave.passed_over.map((one) => (
          <li key={one.responder}>
            {one.name} <span className="quiet">{speak.word('who', one.kind)}</span> · {speak.word('passedWhy', one.why)}
          </li>
        ))}
      </ul>
    </li>
  )
}

function Next({ wait }: { wait: WaitLine }) {
  const speak = useSpeak()
  const left = useLeft(wait.due_at)
  return (
    <li>
      <span className="mono" aria-live="off">
        {elapsed(left * 1000)}
      </span>
      <span>{speak.word('wait', wait.kind)}</span>
    </li>
  )
}

/** Who else was looked at in each wave and why not asked, and what happens next by itself. */
export function Reasons({ view }: { view: IncidentView }) {
  const speak = useSpeak()
  const { data, error } = useExplanation(view)
  if (error !== null) return <p className="quiet">{speak.problem(error)}</p>
  if (!data) return <p className="quiet">{speak('common/loading')}</p>
  return (
    <>
      <h3>{speak('explain/passed')}</h3>
      <ol>
        {data.waves.map((wave) => (
          <Wave key={`${wave.wave} ${wave.at}`} wave={wave} />
        ))}
      </ol>
      {data.waits.length > 0 && <h3>{speak('explain/waits')}</h3>}
      <ul className="lines">
        {data.waits.map((wait) => (
          <Next key={`${wait.kind} ${wait.target} ${wait.due_at}`} wait={wait} />
        ))}
      </ul>
    </>
  )
}
