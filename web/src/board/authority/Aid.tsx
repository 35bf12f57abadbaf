import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { Aid as Grant, NewAid } from '../../generated/http'
import { useDraft } from '../../kernel/drafts'
import { useSpeak } from '../../kernel/i18n'
import { Ask } from '../../ui/Ask'
import { Tag } from '../../ui/Marks'
import { Clock } from '../../ui/Times'
import { useGoing } from '../reports/address'
import { useCommand } from '../reports/api'
import { Sheet, Table, Waiting } from '../reports/parts'
import { useAid } from './api'
import { WordsField } from './parts'

const DRAFT = 'aid '

function Lend({ division, close }: { division: string; close: () => void }) {
  const speak = useSpeak()
  const command = useCommand()
  const [own, setOwn] = useState(division)
  const [to, setTo] = useDraft(`${DRAFT}to`)
  const [until, setUntil] = useState('')
  const [reason, setReason] = useDraft(`${DRAFT}reason`)
  const ready = [own, to, until].every((one) => one !== '') && reason.trim().length > 1
  const send = async () => {
    const body = { division: own, to_division: to, until: new Date(`${until}:00+08:00`).toISOString(), reason } satisfies NewAid
    return (await command.send({ path: '/aid', body })) !== null
  }
  return (
    <Ask title={speak('authority/lend')} action={speak('common/save')} ready={ready} command={command} draft={DRAFT} close={close} send={send}>
      <p className="quiet">{speak('authority/lendHint')}</p>
      <WordsField label={speak('authority/lendOwn')} value={own} change={setOwn} rows={1} max={12} />
      <WordsField label={speak('authority/lendTo')} value={to} change={setTo} rows={1} max={12} />
      <TextField type="datetime-local" label={speak('authority/lendUntil')} value={until} onChange={(event) => setUntil(event.target.value)} slotProps={{ inputLabel: { shrink: true } }} />
      <WordsField label={speak('authority/note')} value={reason} change={setReason} rows={2} max={500} />
    </Ask>
  )
}

function Row({ one, widest }: { one: Grant; widest: string }) {
  const speak = useSpeak()
  const command = useCommand()
  const [sure, setSure] = useState(false)
  const own = one.division.startsWith(widest)
  const take = () => (sure ? void command.send({ path: `/aid/${one.id}`, method: 'DELETE' }) : setSure(true))
  return (
    <tr data-aid={one.id}>
      <th scope="row">
        {one.division} → {one.to_division}
      </th>
      <td>{one.reason}</td>
      <td>{one.by}</td>
      <td>
        <Clock at={one.from_at} /> – <Clock at={one.ended_at ?? one.until} />
      </td>
      <td>
        {one.ended_at ? (
          <Tag>{speak('authority/aidOver')}</Tag>
        ) : own ? (
          <Button variant="outlined" color={sure ? 'error' : 'inherit'} disabled={command.busy !== null} onClick={take}>
            {speak(sure ? 'authority/takeBackSure' : 'authority/takeBack')}
          </Button>
        ) : (
          <Tag tone="good">{speak('authority/borrowed')}</Tag>
        )}
      </td>
    </tr>
  )
}

/** 邻县互助: what neighbours may see of one's calls for help, until when; what one has borrowed. */
export function Aid({ widest }: { widest: string }) {
  const speak = useSpeak()
  const { given } = useGoing()
  const { data, error } = useAid()
  const [asking, setAsking] = useState(false)
  return (
    <Sheet
      title={speak('reportsPage/aid')}
      actions={
        <Button variant="contained" onClick={() => setAsking(true)}>
          {speak('authority/lend')}
        </Button>
      }
    >
      <p className="quiet">{speak('authority/aidHint')}</p>
      {!data && <Waiting error={error} />}
      {data && data.items.length === 0 && <p className="quiet">{speak('authority/noAid')}</p>}
      {data && data.items.length > 0 && (
        <Table title={speak('reportsPage/aid')} hideTitle head={(['way', 'why', 'by', 'time', 'end'] as const).map((one) => speak(`authority/aidColumn/${one}`))}>
          {data.items.map((one) => (
            <Row key={one.id} one={one} widest={widest} />
          ))}
        </Table>
      )}
      {asking && <Lend division={given['division'] ?? widest} close={() => setAsking(false)} />}
    </Sheet>
  )
}
