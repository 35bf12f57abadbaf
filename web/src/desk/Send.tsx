import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AssignmentLine, CandidateLine, Candidates, IncidentRow, Naming, Reassignment } from '../generated/http'
import { request } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { Tag } from '../ui/Marks'
import { Distance, Minutes } from '../ui/Times'
import type { Command } from './commands'
import { Parts } from './Why'

function useCandidates(row: IncidentRow) {
  return useQuery({
    queryKey: ['candidates', row.incident, row.ver],
    queryFn: ({ signal }) => request<Candidates>(`/incidents/${encodeURIComponent(row.incident)}/candidates`, { signal }),
    placeholderData: (before) => before,
  })
}

function Signs({ one, row }: { one: CandidateLine; row: IncidentRow }) {
  const speak = useSpeak()
  const going = row.going.some(({ responder }) => responder === one.responder)
  return (
    <>
      {going && <Tag tone="good">{speak('people/going')}</Tag>}
      {!going && one.asked && <Tag>{`${speak('people/asked')} · ${speak.word('offerState', one.asked)}`}</Tag>}
      {!one.on_duty && <Tag>{speak('people/offDuty')}</Tag>}
      {one.phone_only && <Tag tone="warn">{speak('people/phoneOnly')}</Tag>}
      {!one.reachable && !one.phone_only && <Tag tone="warn">{speak('people/unreachable')}</Tag>}
      {one.relation && <Tag>{speak.word('relation', one.relation)}</Tag>}
    </>
  )
}

interface CandidateProps {
  one: CandidateLine
  row: IncidentRow
  command: Command
  /** Whoever is replaced, where somebody is. */
  instead: AssignmentLine | null
  done: () => void
}

function Choose({ one, command, instead, done }: CandidateProps) {
  const speak = useSpeak()
  const send = async (verb: 'offer' | 'order' | 'reassign', body: Naming | Reassignment) => {
    if (await command.send(verb, body, `${verb} ${one.responder}`)) done()
  }
  if (instead) {
    return (
      <Button variant="contained" disabled={command.busy !== null} aria-label={speak('people/reassignTo', { who: one.name })} onClick={() => void send('reassign', { responder: one.responder, from: instead.responder })}>
        {speak('people/reassign')}
      </Button>
    )
  }
  return (
    <>
      <Button variant="outlined" color="inherit" disabled={command.busy !== null} aria-label={speak('people/offerWho', { who: one.name })} onClick={() => void send('offer', { responder: one.responder })}>
        {speak('people/offer')}
      </Button>
      <Button variant="contained" disabled={command.busy !== null} aria-label={speak('people/assignWho', { who: one.name })} onClick={() => void send('order', { responder: one.responder })}>
        {speak('people/assign')}
      </Button>
    </>
  )
}

function Candidate(props: CandidateProps) {
  const speak = useSpeak()
  const { one, row } = props
  return (
    <li>
      <div>
        <strong>{one.name}</strong>{' '}
        <span className="quiet">
          {speak.word('who', one.kind)} · <Distance metres={one.dist_m} /> · <Minutes seconds={one.eta_s} />
        </span>{' '}
        <span className="signs">
          <Signs one={one} row={row} />
        </span>
        <Parts score={one.score} />
      </div>
      <div className="choose">
        <Choose {...props} />
      </div>
    </li>
  )
}

function Passed({ list }: { list: Candidates }) {
  const speak = useSpeak()
  if (list.passed_over.length === 0) return null
  return (
    <details>
      <summary>
        {speak('explain/passed')} ({list.passed_over.length})
      </summary>
      <ul className="passed">
        {list.passed_over.map((one) => (
          <li key={one.responder}>
            {one.name} <span className="quiet">{speak.word('who', one.kind)}</span> · {speak.word('passedWhy', one.why)}
          </li>
        ))}
      </ul>
    </details>
  )
}

interface SendProps {
  row: IncidentRow
  command: Command
  instead?: AssignmentLine | null
  close: () => void
}

/** Who may be asked now, best first and why, and who may not; a person decides. */
export function Send({ row, command, instead = null, close }: SendProps) {
  const speak = useSpeak()
  const { data, error } = useCandidates(row)
  const title = instead ? speak('people/reassignWho', { who: instead.name }) : speak('people/title')
  return (
    <Dialog open fullWidth maxWidth="md" onClose={close} aria-labelledby="send-title">
      <DialogTitle id="send-title">{title}</DialogTitle>
      <DialogContent>
        <p className="quiet">{speak(instead ? 'people/reassignBody' : 'people/body')}</p>
        {(error ?? command.problem) !== null && (
          <p className="danger" role="alert">
            {speak.problem(error ?? command.problem)}
          </p>
        )}
        {!data && error === null && <p className="quiet">{speak('common/loading')}</p>}
        {data?.items.length === 0 && <p className="danger">{speak('people/none')}</p>}
        <ol className="candidates">
          {data?.items.map((one) => (
            <Candidate key={one.responder} one={one} row={row} command={command} instead={instead} done={close} />
          ))}
        </ol>
        {data && <Passed list={data} />}
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={close}>
          {speak('common/close')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

/** Somebody else instead of the one who goes. */
export function Reassign({ row, one, command }: { row: IncidentRow; one: AssignmentLine; command: Command }) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button variant="outlined" color="inherit" aria-label={speak('people/reassignWho', { who: one.name })} onClick={() => setAsking(true)}>
        {speak('people/reassign')}
      </Button>
      {asking && <Send row={row} command={command} instead={one} close={() => setAsking(false)} />}
    </>
  )
}
