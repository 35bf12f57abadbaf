import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
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
import { ago } from './ago'
import type { Command } from './commands'
import { Parts } from './Why'

/** Whom the rules would ask now; while newer ones are read those of the same incident stay, never those of another. */
export function useCandidates(incident: string | null, ver: number) {
  return useQuery({
    queryKey: ['candidates', incident, ver],
    queryFn: ({ signal }) => request<Candidates>(`/incidents/${encodeURIComponent(incident ?? '')}/candidates`, { signal }),
    enabled: incident !== null,
    placeholderData: (before, query) => (query?.queryKey[1] === incident ? before : undefined),
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
      {one.reachable && <Tag tone="good">{speak('several/ringable')}</Tag>}
      {one.relation && <Tag>{speak.word('relation', one.relation)}</Tag>}
      {one.skills.map((skill) => (
        <Tag key={skill}>{speak.word('skill', skill)}</Tag>
      ))}
    </>
  )
}

/** What she has in hand, and how old the place is from which the way was reckoned. */
function Load({ one }: { one: CandidateLine }) {
  const speak = useSpeak()
  const busy = one.busy === null ? '' : one.busy === 0 ? speak('several/underWay') : speak('several/holds', { level: speak.word('level', one.busy) })
  const parts = [
    one.jobs_24h > 0 ? speak('several/load', { n: one.jobs_24h }) : '',
    one.pending > 0 ? speak('several/pending', { n: one.pending }) : '',
    busy,
    one.seen_at ? speak('several/seen', { time: ago(one.seen_at, speak) }) : speak('several/station'),
  ]
  return <span className="small quiet block">{parts.filter(Boolean).join(' · ')}</span>
}

interface CandidateProps {
  one: CandidateLine
  row: IncidentRow
  command: Command
  /** Whoever is replaced, where somebody is. */
  instead: AssignmentLine | null
  picked: boolean
  pick: () => void
  done: () => void
}

function Choose({ one, command, instead, done }: Omit<CandidateProps, 'picked' | 'pick'>) {
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
  const { one, row, instead, picked, pick } = props
  return (
    <li>
      {!instead && <Checkbox checked={picked} onChange={pick} slotProps={{ input: { 'aria-label': speak('several/pick', { who: one.name }) } }} />}
      <div>
        <strong>{one.name}</strong>{' '}
        <span className="quiet">
          {speak.word('who', one.kind)} · <Distance metres={one.dist_m} /> · <Minutes seconds={one.eta_s} />
        </span>{' '}
        <span className="signs">
          <Signs one={one} row={row} />
        </span>
        <Load one={one} />
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

/** Several asked at once, one after the other; whoever could not be asked stays ticked. */
function useSeveral(command: Command, done: () => void) {
  const [picked, setPicked] = useState<readonly string[]>([])
  const pick = (who: string) => setPicked(picked.includes(who) ? picked.filter((one) => one !== who) : [...picked, who])
  const ask = async () => {
    for (const responder of picked) {
      if (!(await command.send('offer', { responder } satisfies Naming, `offer ${responder}`))) return
      setPicked((left) => left.filter((one) => one !== responder))
    }
    done()
  }
  return { picked, pick, ask }
}

const foremost = (items: readonly CandidateLine[], first: string | null): CandidateLine[] =>
  [...items].sort((a, b) => Number(b.responder === first) - Number(a.responder === first))

interface SendProps {
  row: IncidentRow
  command: Command
  instead?: AssignmentLine | null
  /** Whoever was chosen elsewhere stands first. */
  first?: string | null
  close: () => void
}

/** Who may be asked now, best first and why, and who may not; a person decides. */
export function Send({ row, command, instead = null, first = null, close }: SendProps) {
  const speak = useSpeak()
  const { data, error } = useCandidates(row.incident, row.ver)
  const { picked, pick, ask } = useSeveral(command, close)
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
          {foremost(data?.items ?? [], first).map((one) => (
            <Candidate key={one.responder} one={one} row={row} command={command} instead={instead} picked={picked.includes(one.responder)} pick={() => pick(one.responder)} done={close} />
          ))}
        </ol>
        {data && <Passed list={data} />}
      </DialogContent>
      <DialogActions>
        {!instead && picked.length === 0 && <span className="quiet small">{speak('several/none')}</span>}
        {picked.length > 0 && (
          <Button variant="contained" disabled={command.busy !== null} onClick={() => void ask()}>
            {speak('several/offer', { n: picked.length })}
          </Button>
        )}
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
