import Button from '@mui/material/Button'
import { useState } from 'react'
import type { Account, DueLine, ExportLine } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { Tag } from '../../ui/Marks'
import { Clock } from '../../ui/Times'
import { useSend } from '../api'
import { useDue, useExports, useImports } from './api'
import { Badges } from './Badges'
import { CardForm } from './CardForm'
import { download } from './download'
import { ExportForm } from './Forms'
import { TakeIn } from './TakeIn'

function Due({ what, title, choose }: { what: 'contacts' | 'assessments'; title: string; choose: (id: string) => void }) {
  const speak = useSpeak()
  const { items, error, isPending, hasNextPage, fetchNextPage } = useDue(what)
  const words = (one: DueLine) => [one.name_masked, one.contact === null ? '' : speak('registry/contact', { n: one.contact }), one.elder].filter(Boolean).join(' · ')
  return (
    <section aria-labelledby={`due-${what}`} className="part">
      <h2 id={`due-${what}`}>{title}</h2>
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {!isPending && items.length === 0 && <p className="quiet">{speak('registry/dueNone')}</p>}
      <ul className="plain">
        {items.map((one) => (
          <li key={`${one.elder}/${one.contact ?? ''}`}>
            <Button color="inherit" onClick={() => choose(one.elder)}>
              {words(one)}
            </Button>
          </li>
        ))}
      </ul>
      {hasNextPage && <Button onClick={() => void fetchNextPage()}>{speak('common/more')}</Button>}
    </section>
  )
}

const stateOf = (one: ExportLine) => (one.taken_at ? 'taken' : one.allowed === null ? 'waiting' : one.allowed ? 'allowed' : 'refused')

function Export({ one, decides }: { one: ExportLine; decides: boolean }) {
  const speak = useSpeak()
  const order = useSend()
  const [problem, setProblem] = useState<unknown>(null)
  const decide = (allowed: boolean) => void order.send({ path: `/registry/exports/${one.id}/decision`, body: { allowed } })
  const state = stateOf(one)
  const wrong = order.problem ?? problem
  return (
    <li className="contact">
      <span className="line">
        <strong>
          {speak.word('sheetName', one.sheet)} {one.within}
        </strong>
        <Tag tone={state === 'waiting' ? 'warn' : 'plain'}>{speak(`registry/${state}`)}</Tag>
        <span>{one.reason}</span>
      </span>
      <span className="line">
        <span className="quiet">
          {speak('registry/by', { asked: one.asked_by })} <Clock at={one.asked_at} />
          {one.decided_by && ` · ${speak('registry/decidedBy', { decided: one.decided_by })}`}
        </span>
        <span className="end">
          {state === 'waiting' && decides && !one.mine && (
            <>
              <Button onClick={() => decide(true)}>{speak('registry/allow')}</Button>
              <Button color="inherit" onClick={() => decide(false)}>
                {speak('registry/refuse')}
              </Button>
            </>
          )}
          {state === 'allowed' && one.mine && <Button onClick={() => void download(one.id).then(order.clear, setProblem)}>{speak('registry/take')}</Button>}
        </span>
      </span>
      {wrong !== null && (
        <p className="danger" role="alert">
          {speak.problem(wrong)}
        </p>
      )}
    </li>
  )
}

function Exports({ account }: { account: Account }) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  const { items } = useExports()
  return (
    <section aria-labelledby="exports" className="part">
      <div className="line">
        <h2 id="exports">{speak('registry/exports')}</h2>
        <span className="end">
          <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
            {speak('registry/askExport')}
          </Button>
        </span>
      </div>
      <p className="quiet">{speak('registry/exportsHint')}</p>
      <ul className="plain">
        {items.map((one) => (
          <Export key={one.id} one={one} decides={account.role !== 'desk'} />
        ))}
      </ul>
      {asking && <ExportForm division={account.division} close={() => setAsking(false)} />}
    </section>
  )
}

function Imports() {
  const speak = useSpeak()
  const { items } = useImports()
  return (
    <section aria-labelledby="imports" className="part">
      <h2 id="imports">{speak('registry/imports')}</h2>
      {items.length === 0 && <p className="quiet">{speak('registry/dueNone')}</p>}
      <ul className="plain">
        {items.map(({ id, sheet, division, begun_at, rows, added, changed, same, refused }) => (
          <li key={id} className="line">
            <strong>
              {speak.word('sheetName', sheet)} {division}
            </strong>
            <span>{speak('registry/importLine', { rows, added, changed, same, refused })}</span>
            <span className="end">
              <Clock at={begun_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What has to be asked again, and lists that came in and go out. */
export function Lists({ account, choose }: { account: Account; choose: (id: string) => void }) {
  const speak = useSpeak()
  const [adding, setAdding] = useState(false)
  return (
    <article className="sheet record" aria-labelledby="lists">
      <h1 id="lists">{speak('registry/lists')}</h1>
      <p className="quiet">{speak('registry/listsHint')}</p>
      <Button variant="outlined" color="inherit" onClick={() => setAdding(true)}>
        {speak('registry/addElder')}
      </Button>
      {adding && <CardForm division={account.division} close={() => setAdding(false)} done={choose} />}
      <Badges />
      <Due what="contacts" title={speak('registry/dueContacts')} choose={choose} />
      <Due what="assessments" title={speak('registry/dueAssessments')} choose={choose} />
      <Exports account={account} />
      {account.role !== 'desk' && <TakeIn account={account} />}
      <Imports />
    </article>
  )
}
