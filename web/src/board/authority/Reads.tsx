import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { type FormEvent, useState } from 'react'
import type { AccessLine } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { Clock } from '../../ui/Times'
import { useGoing } from '../reports/address'
import { Sheet, Table } from '../reports/parts'
import { useReads } from './api'
import { Under, Which } from './parts'

const BY = ['elder', 'account'] as const
type By = (typeof BY)[number]

function Line({ one }: { one: AccessLine }) {
  const speak = useSpeak()
  return (
    <tr>
      <td>
        <Clock at={one.at} />
      </td>
      <th scope="row">
        {one.name} <span className="quiet small block">{one.account}</span>
      </th>
      <td>
        {speak.word('readWhat', one.what)} <span className="mono">{one.target}</span>
      </td>
      <td>{one.shown.map((kind) => speak.word('readShown', kind)).join(speak('reports/and'))}</td>
      <td>{speak.word('revealReason', one.why)}</td>
    </tr>
  )
}

function Found({ by, q }: { by: By; q: string }) {
  const speak = useSpeak()
  const list = useReads({ [by]: q })
  return (
    <>
      {list.items.length > 0 && (
        <Table title={speak('authority/readsOf', { q })} head={(['at', 'who', 'what', 'shown', 'why'] as const).map((one) => speak(`authority/readColumn/${one}`))}>
          {list.items.map((one) => (
            <Line key={one.id} one={one} />
          ))}
        </Table>
      )}
      <Under {...list} many={list.items.length} none={speak('authority/noReads')} />
    </>
  )
}

/** Who has read what: by the elder it was about, or by the account that read, as the sealed log has it. */
export function Reads() {
  const speak = useSpeak()
  const { given, set } = useGoing()
  const by: By = given['account'] ? 'account' : given['elder'] ? 'elder' : given['by'] === 'account' ? 'account' : 'elder'
  const q = given[by] ?? ''
  const [text, setText] = useState(q)
  const find = (event: FormEvent) => {
    event.preventDefault()
    set({ elder: '', account: '', [by]: text.trim() })
  }
  return (
    <Sheet title={speak('reportsPage/reads')}>
      <p className="quiet">{speak('authority/readsHint')}</p>
      <Which label={speak('authority/readsBy')} value={by} options={BY.map((one) => [one, speak(`authority/by_${one}`)] as const)} change={(next) => set({ elder: '', account: '', by: next })} />
      <form className="one-line" onSubmit={find}>
        <TextField label={speak(`authority/id_${by}`)} value={text} onChange={(event) => setText(event.target.value)} slotProps={{ htmlInput: { maxLength: 64 } }} />
        <Button type="submit" variant="contained" disabled={text.trim() === ''}>
          {speak('authority/find')}
        </Button>
      </form>
      {q !== '' && <Found key={`${by} ${q}`} by={by} q={q} />}
    </Sheet>
  )
}
