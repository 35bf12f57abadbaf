import Button from '@mui/material/Button'
import type { AssignmentLine } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Glyph } from '../ui/Marks'
import { Clock } from '../ui/Times'
import type { JobControl } from './job'
import type { Step } from './live'

/** What has been done, with its time. */
export function Track({ mine }: { mine: AssignmentLine }) {
  const speak = useSpeak()
  const done = [
    ['accepted', mine.accepted_at],
    ['depart', mine.departed_at],
    ['arrive', mine.arrived_at],
    ['start', mine.with_elder_at],
    ['complete', mine.state === 'completed' ? mine.ended_at : null],
  ] as const
  return (
    <ol className="track">
      {done.map(([step, at]) => (
        <li key={step} data-done={at !== null}>
          <span className="dot">{at && <Glyph name="tick" size={14} />}</span>
          <span>{speak(`job/stepDone/${step}`)}</span>
          {at && <Clock at={at} />}
        </li>
      ))}
    </ol>
  )
}

interface NextProps {
  step: Step
  control: JobControl
  complete: () => void
}

/** The one thing to do next, at the thumb. */
export function Next({ step, control, complete }: NextProps) {
  const speak = useSpeak()
  const go = () => (step === 'complete' ? complete() : void control.send(step, {}))
  return (
    <div className="next">
      {control.tries > 0 && (
        <p className="quiet" role="status">
          {speak('common/tryingAgain', { n: control.tries })}
        </p>
      )}
      {control.problem !== null && (
        <p className="danger" role="alert">
          {speak.problem(control.problem)}
        </p>
      )}
      <Button className="primary" variant="contained" fullWidth disabled={control.busy !== null} onClick={go}>
        {speak(control.busy === step ? 'common/sending' : `job/step/${step}`)}
      </Button>
    </div>
  )
}
