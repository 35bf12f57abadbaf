import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import type { MyJob, MyJobs, Spread } from '../../generated/http'
import { type Speak, useSpeak } from '../../kernel/i18n'
import { clockTime, elapsed } from '../../kernel/time'
import { LevelMark, Tag } from '../../ui/Marks'
import { byDay, meanStars } from './days'

const lasting = (seconds: number): string => elapsed(seconds * 1000)

/** Nine of ten can't be told of fewer. */
const MANY = 10

function spreadWords(speak: Speak, { n, median_s: median, p90_s: p90 }: Spread): string {
  if (typeof median !== 'number' || typeof p90 !== 'number') return speak('day/noFigure')
  const told = { n, median: lasting(median), p90: lasting(p90) }
  if (n === 1) return speak('day/once', told)
  return speak(n < MANY ? 'day/half' : 'day/spread', told)
}

function Figure({ name, spread }: { name: string; spread: Spread }) {
  const speak = useSpeak()
  return (
    <div>
      <dt>{name}</dt>
      <dd>{spreadWords(speak, spread)}</dd>
    </div>
  )
}

function Stars({ stars }: { stars: readonly number[] }) {
  const speak = useSpeak()
  const mean = meanStars(stars)
  return (
    <div>
      <dt>{speak('day/rating')}</dt>
      <dd>
        {mean ? speak('day/ratings', mean) : speak('day/noRating')}
        {mean && <span className="quiet small block">{stars.flatMap((n, at) => (n > 0 ? [speak('day/star', { star: at + 1, n })] : [])).reverse().join(' · ')}</span>}
      </dd>
    </div>
  )
}

function Figures({ jobs }: { jobs: MyJobs }) {
  const speak = useSpeak()
  return (
    <section aria-labelledby="figures">
      <h3 id="figures">{speak('day/figures')}</h3>
      <dl className="figures">
        <Figure name={speak('day/wait')} spread={jobs.wait} />
        <Figure name={speak('day/way')} spread={jobs.way} />
        <Stars stars={jobs.stars} />
      </dl>
      {jobs.items.some(({ drill }) => drill) && <p className="quiet small">{speak('day/drillNote')}</p>}
    </section>
  )
}

/** How it went, in the order in which it happened. */
function course(speak: Speak, job: MyJob): string {
  const parts = [
    typeof job.wait_s === 'number' ? speak('day/waited', { time: lasting(job.wait_s) }) : '',
    typeof job.way_s === 'number' ? speak('day/travelled', { time: lasting(job.way_s) }) : '',
    typeof job.rating === 'number' ? speak('day/rated', { n: job.rating }) : '',
  ]
  return parts.filter(Boolean).join(' · ')
}

function Line({ job }: { job: MyJob }) {
  const speak = useSpeak()
  return (
    <li>
      <div className="line">
        <time className="mono" dateTime={job.accepted_at}>
          {clockTime(job.accepted_at, speak.lang, new Date(job.accepted_at))}
        </time>
        <strong>{speak.word('kind', job.kind)}</strong>
        <LevelMark priority={job.priority} size={20} />
        {job.drill && <Tag tone="drill">{speak('app/drill')}</Tag>}
        <span>{speak.word('goingState', job.state)}</span>
      </div>
      <span>
        {job.name_masked} {job.place}
      </span>
      <span className="quiet small">{course(speak, job)}</span>
    </li>
  )
}

const dayName = (day: string, lang: string): string =>
  new Intl.DateTimeFormat(lang, { month: 'long', day: 'numeric', weekday: 'short' }).format(new Date(`${day}T12:00`))

interface HistoryProps {
  jobs: MyJobs
  stale: boolean
  close: () => void
}

/** Today and the days before, and how long things took: the own ones, nobody else's. */
export function History({ jobs, stale, close }: HistoryProps) {
  const speak = useSpeak()
  return (
    <Dialog open fullScreen onClose={close} aria-labelledby="history-title">
      <div className="history">
        <header>
          <h2 id="history-title">{speak('day/title')}</h2>
          <Button variant="outlined" color="inherit" onClick={close}>
            {speak('day/close')}
          </Button>
        </header>
        {stale && (
          <p role="status" className="hint">
            {speak('day/stale')}
          </p>
        )}
        <Figures jobs={jobs} />
        {jobs.items.length === 0 && <p className="quiet">{speak('day/none')}</p>}
        {byDay(jobs.items).map(([day, items]) => (
          <section key={day} aria-labelledby={`day-${day}`}>
            <h3 id={`day-${day}`}>{dayName(day, speak.lang)}</h3>
            <ol>
              {items.map((job) => (
                <Line key={`${job.job} ${job.accepted_at}`} job={job} />
              ))}
            </ol>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
