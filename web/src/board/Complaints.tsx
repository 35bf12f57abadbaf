import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { ComplaintLine } from '../generated/http'
import { useDraft } from '../kernel/drafts'
import { useSpeak } from '../kernel/i18n'
import { Ask } from '../ui/Ask'
import { Tag } from '../ui/Marks'
import { Clock } from '../ui/Times'
import { useComplaints, useSend } from './api'

/** What families were not content with; a supervisor answers by the day they were told. */
export function Complaints() {
  const speak = useSpeak()
  const { items } = useComplaints()
  if (items.length === 0) return null
  return (
    <>
      <h2>{speak('kin/complaints')}</h2>
      <ul>
        {items.map((one) => (
          <Row key={one.complaint} one={one} />
        ))}
      </ul>
    </>
  )
}

function Row({ one }: { one: ComplaintLine }) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  return (
    <li className="row">
      <div className="still">
        <span className="line">
          <strong>{one.name_masked}</strong>
          <span className="quiet">{one.by}</span>
          {one.about && <span className="quiet">{one.about}</span>}
          {one.overdue && <Tag tone="alert">{speak('kin/overdue')}</Tag>}
          <span className="end">
            <Clock at={one.due_at} />
          </span>
        </span>
        <span className="line">
          <span>{one.text}</span>
          <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
            {speak('kin/answer')}
          </Button>
        </span>
      </div>
      {asking && <Answer one={one} close={() => setAsking(false)} />}
    </li>
  )
}

function Answer({ one, close }: { one: ComplaintLine; close: () => void }) {
  const speak = useSpeak()
  const order = useSend()
  const draft = `complaint ${one.complaint}`
  const [answer, setAnswer] = useDraft(draft)
  const send = async () => (await order.send({ path: `/complaints/${one.complaint}/answer`, body: { answer } })) !== null
  return (
    <Ask title={speak('kin/answerTitle')} action={speak('common/save')} ready={answer.trim() !== ''} command={order} draft={draft} close={close} send={send}>
      <p>{one.text}</p>
      <TextField label={speak('kin/answerText')} multiline minRows={3} fullWidth value={answer} onChange={(event) => setAnswer(event.target.value)} slotProps={{ htmlInput: { maxLength: 2000 } }} />
    </Ask>
  )
}
