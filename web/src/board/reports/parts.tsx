import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { type CSSProperties, type ReactNode, useId, useState } from 'react'
import { useSpeak } from '../../kernel/i18n'
import { clockTime, serverClock, useSecond } from '../../kernel/time'
import { Foot } from '../../ui/Foot'
import { Tag } from '../../ui/Marks'
import { type Given, useGoing } from './address'
import { type File, fileOf } from './api'
import { duration, percent } from './figures'

const OLD_MS = 30_000

/** When these figures were so; marked as old once they have not been read for a while. */
export function AsOf({ at }: { at: string }) {
  const speak = useSpeak()
  useSecond()
  const old = serverClock.now() - Date.parse(at) > OLD_MS
  return (
    <span className="as-of quiet" data-old={old}>
      {speak('reports/asOf')} <time dateTime={at}>{clockTime(at, speak.lang)}</time> {old && <Tag tone="warn">{speak('reports/old')}</Tag>}
    </span>
  )
}

interface Place {
  code: string
  name: string
}

/** City, county, street, community: every step up of the way is a link; the last is where we are. */
export function Crumbs({ above, widest }: { above: readonly Place[]; widest: string }) {
  const speak = useSpeak()
  const going = useGoing()
  const way = above.filter(({ code }) => code.startsWith(widest))
  if (way.length < 2) return null
  const last = way.at(-1)?.code
  return (
    <nav aria-label={speak('reports/way')} className="crumbs">
      <ol>
        {way.map(({ code, name }) => (
          <li key={code}>{code === last ? <span aria-current="page">{name}</span> : <a href={going.here({ division: code, cursor: '' })}>{name}</a>}</li>
        ))}
      </ol>
    </nav>
  )
}

/** Division of an answer with the way down to it. */
export const wayOf = (view: { above: readonly { division: string; name: string }[]; division: string; name: string }): Place[] =>
  [...view.above, view].map(({ division, name }) => ({ code: division, name }))

interface SheetProps {
  title: string
  /** Where and as of when, under the title. */
  about?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** One page: its title, what it is about, what can be done, the rest. */
export function Sheet({ title, about, actions, children }: SheetProps) {
  return (
    <article className="sheet report" aria-label={title}>
      <header className="head">
        <div className="title">
          <h1>{title}</h1>
          {actions && <div className="buttons no-paper">{actions}</div>}
        </div>
        {about && <div className="facts">{about}</div>}
      </header>
      <div className="body">{children}</div>
    </article>
  )
}

interface TableProps {
  title: string
  head: readonly ReactNode[]
  children: ReactNode
  foot?: ReactNode
  /** What stands above the table, where its title is not to be seen. */
  hideTitle?: boolean
}

export function Table({ title, head, children, foot, hideTitle = false }: TableProps) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className={hideTitle ? 'visually-hidden' : undefined}>
        {title}
      </h2>
      <div className="scroll" role="group" tabIndex={0} aria-labelledby={id}>
        <table className="figures">
          <thead>
            <tr>
              {head.map((one, at) => (
                <th key={at} scope="col">
                  {one}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
          {foot && <tfoot>{foot}</tfoot>}
        </table>
      </div>
    </section>
  )
}

/** A share with a bar; `low` to `high` is where it lies with 95 % certainty. */
export function Share({ value, low, high, n, few = false }: { value: number | null; low?: number | null; high?: number | null; n?: number | null; few?: boolean }) {
  const speak = useSpeak()
  if (few || value === null) return <span className="quiet">{speak(few ? 'reports/few' : 'reports/none')}</span>
  const style = { '--share': value, '--low': low ?? value, '--high': high ?? value } as CSSProperties
  return (
    <span className="share-cell">
      <strong>{percent(value)}</strong>
      <span className="share-bar" style={style} data-interval={low != null} aria-hidden="true" />
      {low != null && high != null && <span className="small quiet">{speak('reports/interval', { low: percent(low), high: percent(high) })}</span>}
      {n != null && <span className="small quiet">{speak('reports/n', { n })}</span>}
    </span>
  )
}

export function Seconds({ value }: { value: number | null | undefined }) {
  const speak = useSpeak()
  return <>{duration(value, speak)}</>
}

/** What a figure means, behind a question mark. */
export function Meaning({ name, children }: { name: string; children: ReactNode }) {
  const speak = useSpeak()
  const id = useId()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="meaning no-paper" aria-label={speak('reports/meaningOf', { name })} onClick={() => setOpen(true)}>
        ?
      </button>
      {open && (
        <Dialog open fullWidth maxWidth="sm" onClose={() => setOpen(false)} aria-labelledby={id}>
          <DialogTitle id={id}>{name}</DialogTitle>
          <DialogContent className="meaning-words">{children}</DialogContent>
          <Foot close={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  )
}

/** The same table as a file, with the meanings of its columns. */
export function Files({ what, given: other }: { what: File; given?: Given }) {
  const speak = useSpeak()
  const { given: here } = useGoing()
  return (
    <>
      {(['csv', 'xlsx'] as const).map((format) => (
        <Button key={format} variant="outlined" color="inherit" href={fileOf(what, other ?? here, format, speak.lang)} download>
          {speak('reports/file', { what: speak(`reports/fileOf/${what}`), format: format.toUpperCase() })}
        </Button>
      ))}
    </>
  )
}

/** Until there is something to show: that it is being read, or why it can't be. */
export function Waiting({ error }: { error: unknown }) {
  const speak = useSpeak()
  if (error) {
    return (
      <p className="danger" role="alert">
        {speak.problem(error)}
      </p>
    )
  }
  return <p className="quiet">{speak('common/loading')}</p>
}

/** What has been read before stays in sight while it can't be read anew; that is said. */
export function Stale({ error }: { error: unknown }) {
  const speak = useSpeak()
  if (!error) return null
  return (
    <p className="danger" role="status">
      {speak('reports/notNew')} {speak.problem(error)}
    </p>
  )
}
