import Button from '@mui/material/Button'
import { useState } from 'react'
import type { Account, Hazard } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { Tag } from '../../ui/Marks'
import { Clock } from '../../ui/Times'
import { useGoing } from '../reports/address'
import { useCommand } from '../reports/api'
import { Files, Sheet, Table } from '../reports/parts'
import { useHazards, useOwners } from './api'
import { HazardForm, HazardStep } from './HazardForms'
import { Under, Which } from './parts'

function Steps({ one, ask }: { one: Hazard; ask: (what: 'fix' | 'return') => void }) {
  const speak = useSpeak()
  const command = useCommand()
  if (one.state === 'closed') return null
  if (one.state === 'open') {
    return (
      <Button variant="contained" onClick={() => ask('fix')}>
        {speak('authority/fix')}
      </Button>
    )
  }
  if (!one.judge) return <p className="quiet">{speak('authority/othersJudge')}</p>
  return (
    <div className="buttons">
      <Button variant="contained" disabled={command.busy !== null} onClick={() => void command.send({ path: `/supervision/hazards/${one.hazard}/close` })}>
        {speak('authority/closeHazard')}
      </Button>
      <Button variant="outlined" color="inherit" onClick={() => ask('return')}>
        {speak('authority/return')}
      </Button>
      {command.problem !== null && (
        <p className="danger" role="alert">
          {speak.problem(command.problem)}
        </p>
      )}
    </div>
  )
}

function Row({ one, acts }: { one: Hazard; acts: boolean }) {
  const speak = useSpeak()
  const [asking, setAsking] = useState<'fix' | 'return' | null>(null)
  return (
    <li className="breach case" data-hazard={one.hazard}>
      <span className="line">
        <strong>{speak.word('hazardKind', one.kind)}</strong>
        {one.grade === 'major' && <Tag tone="alert">{speak.word('hazardGrade', 'major')}</Tag>}
        <Tag tone={one.state === 'closed' ? 'good' : 'plain'}>{speak.word('hazardState', one.state)}</Tag>
        {one.overdue && <Tag tone="alert">{speak('authority/overdue')}</Tag>}
        {one.returned > 0 && <Tag tone="warn">{speak('authority/returned', { n: one.returned })}</Tag>}
        <span className="quiet">{one.division_name}</span>
      </span>
      <p>{one.text}</p>
      <p className="small">
        {speak('authority/measure')} {one.measure}
      </p>
      <p className="small">
        {speak('authority/owner')} <strong>{one.owner_name}</strong> {one.mine && <Tag>{speak('authority/mine')}</Tag>} · {speak('authority/dueOn')} <span className="mono">{one.due_on}</span>
      </p>
      {one.fixed_at && (
        <p className="small quiet">
          {speak('authority/fixedBy', { who: one.fixed_by ?? '' })} <Clock at={one.fixed_at} /> {one.fixed_note}
        </p>
      )}
      {one.remark && !one.fixed_at && <p className="small quiet">{speak('authority/returnedFor', { words: one.remark })}</p>}
      {one.closed_at && (
        <p className="small quiet">
          {speak('authority/closedBy', { who: one.closed_by ?? '' })} <Clock at={one.closed_at} />
        </p>
      )}
      {acts && <Steps one={one} ask={setAsking} />}
      {asking && <HazardStep one={one} what={asking} close={() => setAsking(null)} />}
    </li>
  )
}

function OwnersTable() {
  const speak = useSpeak()
  const { given } = useGoing()
  const { data } = useOwners(given)
  if (!data || data.items.length === 0) return null
  return (
    <Table title={speak('authority/owners')} head={(['owner', 'open', 'fixed', 'closed', 'overdue'] as const).map((one) => speak(`authority/ownerColumn/${one}`))}>
      {data.items.map((one) => (
        <tr key={one.account}>
          <th scope="row">{one.name}</th>
          <td>{one.open}</td>
          <td>{one.fixed}</td>
          <td>{one.closed}</td>
          <td data-alert={one.overdue > 0}>{one.overdue}</td>
        </tr>
      ))}
    </Table>
  )
}

/** 隐患、整改、责任 in one place: what, what is done about it by when, and who answers for how many. */
export function Hazards({ account, widest }: { account: Account; widest: string }) {
  const speak = useSpeak()
  const { given, set } = useGoing()
  const [asking, setAsking] = useState(false)
  const state = given['state'] === 'closed' ? 'closed' : 'open'
  const list = useHazards(given, state)
  const acts = account.role !== 'office'
  return (
    <Sheet
      title={speak('reportsPage/hazards')}
      actions={
        <>
          {acts && (
            <Button variant="contained" onClick={() => setAsking(true)}>
              {speak('authority/newHazard')}
            </Button>
          )}
          <Files what="hazards" />
        </>
      }
    >
      <Which label={speak('reportsPage/hazards')} value={state} options={[['open', speak('authority/openOnes')], ['closed', speak('authority/closedOnes')]]} change={(next) => set({ state: next })} />
      <ul className="breaches">
        {list.items.map((one) => (
          <Row key={one.hazard} one={one} acts={acts} />
        ))}
      </ul>
      <Under {...list} many={list.items.length} none={speak('authority/noHazards')} />
      <OwnersTable />
      {asking && <HazardForm division={given['division'] ?? widest} close={() => setAsking(false)} />}
    </Sheet>
  )
}
