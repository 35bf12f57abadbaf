import Button from '@mui/material/Button'
import { useState } from 'react'
import type { Account, Opening, Review as Verdict } from '../../generated/http'
import { useDraft } from '../../kernel/drafts'
import { useSpeak } from '../../kernel/i18n'
import { Ask } from '../../ui/Ask'
import { Choices } from '../../ui/Choices'
import { Tag } from '../../ui/Marks'
import { Clock } from '../../ui/Times'
import { useGoing } from '../reports/address'
import { useCommand } from '../reports/api'
import { Sheet } from '../reports/parts'
import { useOpenings } from './api'
import { Under, Which, WordsField } from './parts'
import { Glass } from './Reveal'

const VERDICTS = ['right', 'wrong'] as const

function Review({ one, close }: { one: Opening; close: () => void }) {
  const speak = useSpeak()
  const command = useCommand()
  const [verdict, setVerdict] = useState<(typeof VERDICTS)[number] | null>(null)
  const draft = `opening ${one.id} `
  const [remark, setRemark] = useDraft(`${draft}remark`)
  const send = async () => (await command.send({ path: `/access/openings/${one.id}/review`, body: { right: verdict === 'right', remark } satisfies Verdict })) !== null
  return (
    <Ask title={speak('authority/judge')} action={speak('common/save')} ready={verdict !== null && remark.trim().length > 1} command={command} draft={draft} close={close} send={send}>
      <p>{one.note}</p>
      <Choices label={speak('authority/verdict')} value={verdict} options={VERDICTS} words={(it) => speak(`authority/${it}`)} choose={setVerdict} />
      <WordsField label={speak('authority/remark')} value={remark} change={setRemark} rows={2} max={500} />
    </Ask>
  )
}

function Row({ one, judges }: { one: Opening; judges: boolean }) {
  const speak = useSpeak()
  const going = useGoing()
  const [asking, setAsking] = useState(false)
  const waits = one.review_by !== null && one.reviewed_at === null
  return (
    <li className="breach case" data-opening={one.id}>
      <span className="line">
        <Tag tone={one.kind === 'break_glass' ? 'alert' : 'plain'}>{speak.word('openingKind', one.kind)}</Tag>
        {one.overdue && <Tag tone="alert">{speak('authority/overdue')}</Tag>}
        <strong>{one.name}</strong> <span className="quiet">{one.account_division}</span>
        <Clock at={one.at} />
      </span>
      <p>
        {speak.word('revealReason', one.reason)} · {one.note}
      </p>
      <p className="small">
        {speak('authority/elder')} <a href={going.to('reads', { elder: one.elder })}>{one.elder}</a> <span className="quiet">{one.division}</span>
      </p>
      {one.reviewed_at && (
        <p className="small">
          <Tag tone={one.right ? 'good' : 'alert'}>{speak(one.right ? 'authority/right' : 'authority/wrong')}</Tag> {one.reviewed_by} <Clock at={one.reviewed_at} /> {one.remark}
        </p>
      )}
      {waits && (
        <div className="buttons">
          <span>
            {speak('authority/reviewBy')} <Clock at={one.review_by} />
          </span>
          {judges && !one.mine && (
            <Button variant="contained" onClick={() => setAsking(true)}>
              {speak('authority/judge')}
            </Button>
          )}
        </div>
      )}
      {asking && <Review one={one} close={() => setAsking(false)} />}
    </li>
  )
}

/** Who has looked behind whose mask, and whether it was right to break the glass. */
export function Openings({ account }: { account: Account }) {
  const speak = useSpeak()
  const { given, set } = useGoing()
  const waiting = given['state'] === 'waiting'
  const list = useOpenings(waiting)
  const judges = account.role !== 'auditor'
  return (
    <Sheet title={speak('reportsPage/openings')} actions={judges && <Glass />}>
      <p className="quiet">{speak('authority/openingsHint')}</p>
      <Which label={speak('reportsPage/openings')} value={waiting ? 'waiting' : 'all'} options={[['all', speak('reports/all')], ['waiting', speak('authority/toJudge')]]} change={(next) => set({ state: next === 'all' ? '' : next })} />
      <ul className="breaches">
        {list.items.map((one) => (
          <Row key={one.id} one={one} judges={judges} />
        ))}
      </ul>
      <Under {...list} many={list.items.length} none={speak('authority/noOpenings')} />
    </Sheet>
  )
}
