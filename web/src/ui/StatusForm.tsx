import { useState } from 'react'
import type { StatusChange } from '../generated/http'
import { useDraft } from '../kernel/drafts'
import { useSpeak } from '../kernel/i18n'
import { usePut } from '../kernel/put'
import { instantOf } from '../kernel/time'
import { Ask } from './Ask'
import { Choices } from './Choices'
import { Field } from './Field'

export type Status = StatusChange['status']

const STATUSES: readonly Status[] = ['home', 'out', 'hospital', 'institution', 'moved', 'dead']
/** What becomes of her calls, messages and services. */
const MEANS: Record<Status, 'home' | 'out' | 'away' | 'gone'> = { home: 'home', out: 'out', hospital: 'away', institution: 'away', moved: 'gone', dead: 'gone' }

interface StatusFormProps {
  elder: string
  first: Status
  /** What is read again afterwards. */
  root: string
  /** Below which the words are kept while typed. */
  draft: string
  close: () => void
}

/** How she is from now on, until when, and who says so. */
export function StatusForm({ elder, first, root, draft, close }: StatusFormProps) {
  const speak = useSpeak()
  const [status, setStatus] = useState(first)
  const [begins, setBegins] = useState('')
  const [until, setUntil] = useState('')
  const [source, setSource] = useDraft(`${draft}source`)
  const gone = MEANS[status] === 'gone'
  const dated = status !== 'home'
  const ending = dated && !gone
  const { command, wrong, put } = usePut(root, ['source', ...(dated ? ['begins'] : []), ...(ending ? ['until'] : [])])
  const body: StatusChange = { status, source: source.trim(), begins: dated ? instantOf(begins) : null, until: ending ? instantOf(until) : null }
  return (
    <Ask title={speak('status/title')} action={speak('common/save')} ready={source.trim() !== ''} danger={gone} command={command} draft={draft} close={close} send={() => put(`/elders/${encodeURIComponent(elder)}/status`, body)}>
      <Choices label={speak('status/title')} value={status} options={STATUSES} words={(one) => speak.word('elderStatus', one)} choose={setStatus} />
      <p role="status" className={gone ? 'danger' : 'quiet'}>
        {speak.word('statusMeans', MEANS[status])}
      </p>
      {dated && <Field type="datetime-local" label={`${speak('status/from')} (${speak('common/optional')})`} value={begins} change={setBegins} hint={speak('status/fromHint')} wrong={wrong('begins')} />}
      {ending && <Field type="datetime-local" label={`${speak('status/to')} (${speak('common/optional')})`} value={until} change={setUntil} hint={speak('status/toHint')} wrong={wrong('until')} />}
      <Field required label={speak('status/source')} value={source} most={200} change={setSource} wrong={wrong('source')} />
    </Ask>
  )
}
