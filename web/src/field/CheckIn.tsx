import Button from '@mui/material/Button'
import { useEffect, useRef } from 'react'
import { useSpeak } from '../kernel/i18n'
import { bell } from '../kernel/ring/bell'
import { elapsed } from '../kernel/time'
import { Glyph } from '../ui/Marks'
import { useLeft } from '../ui/Times'
import type { JobControl } from './job'
import { useWaiting } from './live'

const SOON_S = 120

/** Whoever is alone with somebody is asked for a sign now and then; without one the desk asks after them. */
export function CheckIn({ due, job, control }: { due: string; job: string; control: JobControl }) {
  const speak = useSpeak()
  const left = useLeft(due)
  const said = useWaiting(job).some(({ what, state }) => what === 'check-in' && state === 'waiting')
  const rung = useRef<string | null>(null)
  const soon = left <= SOON_S && !said
  useEffect(() => {
    if (!soon || rung.current === due) return
    rung.current = due
    bell.test()
  }, [soon, due])
  const words = () => {
    if (said) return speak('checkIn/said')
    return left > 0 ? speak('checkIn/left', { time: elapsed(left * 1000) }) : speak('checkIn/over')
  }
  return (
    <section className="check-in" data-soon={soon} aria-labelledby="check-in">
      <h2 id="check-in">{speak('checkIn/title')}</h2>
      <p>
        <Glyph name={soon ? 'warn' : 'wait'} size={20} /> <span role="timer">{words()}</span>
      </p>
      <Button fullWidth variant={soon ? 'contained' : 'outlined'} color="inherit" disabled={said} onClick={() => void control.send('check-in')}>
        {speak('checkIn/well')}
      </Button>
    </section>
  )
}
