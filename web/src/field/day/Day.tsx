import Button from '@mui/material/Button'
import { useState } from 'react'
import { useSpeak } from '../../kernel/i18n'
import { ofToday, useMyJobs } from './days'
import { History } from './History'
import { Visits } from './Visits'
import './day.css'

/** A helper's own day, below what is to be done now. */
export function Day() {
  const speak = useSpeak()
  const [open, setOpen] = useState(false)
  const { data, error } = useMyJobs()
  if (!data) return <Visits />
  const today = ofToday(data.items)
  const done = today.filter(({ state }) => state === 'completed').length
  return (
    <>
      <Visits />
      <section className="today" aria-labelledby="today">
        <h2 id="today">{speak('day/today')}</h2>
        <p>{today.length > 0 ? speak('day/done', { n: today.length, done }) : speak('day/nothing')}</p>
        <Button fullWidth variant="outlined" color="inherit" onClick={() => setOpen(true)}>
          {speak('day/open')}
        </Button>
      </section>
      {open && <History jobs={data} stale={error !== null} close={() => setOpen(false)} />}
    </>
  )
}
