import Button from '@mui/material/Button'
import { type ReactNode, useEffect, useState } from 'react'
import type { AssignmentLine, JobView } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Glyph } from '../ui/Marks'
import { Clock } from '../ui/Times'
import { Arrive } from './Arrive'
import type { JobControl } from './job'
import type { Step } from './live'
import { locate } from './position'
import { type Door, doorOf, type Fix } from './way'

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

const LOCATE_MS = 3_000
/** A second tap of a trembling thumb must not press the button that has just come under it. */
const STEADY_MS = 1_000

function useSteady(step: Step): boolean {
  const [steady, setSteady] = useState<Step | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setSteady(step), STEADY_MS)
    return () => clearTimeout(timer)
  }, [step])
  return steady === step
}

interface NextProps {
  step: Step
  view: JobView
  control: JobControl
  complete: () => void
  children: ReactNode
}

type Far = { fix: Fix; door: Extract<Door, { is: 'far' }> }

/** The one thing to do next, at the thumb; beside it, the cry for help. */
export function Next({ step, view, control, complete, children }: NextProps) {
  const speak = useSpeak()
  const steady = useSteady(step)
  const [looking, setLooking] = useState(false)
  const [far, setFar] = useState<Far | null>(null)
  const arrive = async () => {
    setLooking(true)
    const fix = await locate(LOCATE_MS)
    setLooking(false)
    const door = doorOf(fix, { lat: view.lat ?? view.home?.lat ?? null, lon: view.lon ?? view.home?.lon ?? null })
    if (fix && door.is === 'far') return setFar({ fix, door })
    await control.send('arrive', fix ? { lat: fix.lat, lon: fix.lon, accuracy_m: fix.accuracy } : { says: 'no_position' })
  }
  const go = () => {
    if (step === 'complete') return complete()
    void (step === 'arrive' ? arrive() : control.send(step))
  }
  return (
    <div className="next">
      <div className="pair">{children}</div>
      <Button className="primary" variant="contained" fullWidth disabled={looking || !steady} onClick={go}>
        {speak(looking ? 'door/looking' : `job/step/${step}`)}
      </Button>
      {far && <Arrive job={view.job} far={far.door.metres} fix={far.fix} control={control} close={() => setFar(null)} />}
    </div>
  )
}
