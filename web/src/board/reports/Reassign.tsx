import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import MenuItem from '@mui/material/MenuItem'
import { useState } from 'react'
import type { AssignmentLine, CandidateLine, IncidentView } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { Tag } from '../../ui/Marks'
import { Distance, Minutes } from '../../ui/Times'
import { useCandidates, useCommand, useIncident } from './api'

const UNDER_WAY = new Set(['accepted', 'en_route', 'arrived', 'in_service'])
const NOBODY = ''

const goingIn = (view: IncidentView | undefined): AssignmentLine[] => (view?.assignments ?? []).filter(({ state }) => UNDER_WAY.has(state))

function Instead({ going, chosen, choose }: { going: readonly AssignmentLine[]; chosen: string; choose: (who: string) => void }) {
  const speak = useSpeak()
  if (going.length === 0) return <p className="quiet">{speak('reports/nobodyGoes')}</p>
  return (
    <TextField select fullWidth margin="dense" label={speak('reports/instead')} value={chosen} onChange={(event) => choose(event.target.value)}>
      {going.map((one) => (
        <MenuItem key={one.responder} value={one.responder}>
          {one.name} · {speak.word('goingState', one.state)}
        </MenuItem>
      ))}
      <MenuItem value={NOBODY}>{speak('reports/besides')}</MenuItem>
    </TextField>
  )
}

function Candidate({ one, busy, send }: { one: CandidateLine; busy: boolean; send: () => void }) {
  const speak = useSpeak()
  return (
    <li className="candidate">
      <span>
        <strong>{one.name}</strong>{' '}
        <span className="quiet">
          {speak.word('who', one.kind)} · <Distance metres={one.dist_m} /> · <Minutes seconds={one.eta_s} />
        </span>{' '}
        {!one.on_duty && <Tag>{speak('people/offDuty')}</Tag>} {!one.reachable && <Tag tone="warn">{speak(one.phone_only ? 'people/phoneOnly' : 'people/unreachable')}</Tag>}
      </span>
      <Button variant="contained" disabled={busy} aria-label={speak('people/assignWho', { who: one.name })} onClick={send}>
        {speak('people/assign')}
      </Button>
    </li>
  )
}

/** Somebody else instead of whoever goes, or besides: the same commands as the desk's, so the same rules and the same log. */
export function Reassign({ incident, close }: { incident: string; close: () => void }) {
  const speak = useSpeak()
  const { data: view, error: viewError } = useIncident(incident)
  const { data: list, error: listError } = useCandidates(incident)
  const command = useCommand()
  const [picked, setPicked] = useState<string | null>(null)
  const going = goingIn(view)
  const from = picked ?? going[0]?.responder ?? NOBODY
  const problem = command.problem ?? viewError ?? listError
  const send = async (responder: string) => {
    const path = `/incidents/${encodeURIComponent(incident)}`
    const sent = await command.send(from === NOBODY ? { path: `${path}/order`, body: { responder } } : { path: `${path}/reassign`, body: { responder, from } })
    if (sent !== null) close()
  }
  return (
    <Dialog open fullWidth maxWidth="md" onClose={close} aria-labelledby="reassign-title">
      <DialogTitle id="reassign-title">{speak('reports/reassignTitle', { incident })}</DialogTitle>
      <DialogContent>
        {problem !== null && (
          <p className="danger" role="alert">
            {speak.problem(problem)}
          </p>
        )}
        {!list && listError === null && <p className="quiet">{speak('common/loading')}</p>}
        {view && <Instead going={going} chosen={from} choose={setPicked} />}
        {list?.items.length === 0 && <p className="danger">{speak('people/none')}</p>}
        <ol className="candidates">
          {list?.items
            .filter(({ responder }) => !going.some((one) => one.responder === responder))
            .map((one) => <Candidate key={one.responder} one={one} busy={command.busy !== null} send={() => void send(one.responder)} />)}
        </ol>
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={close}>
          {speak('common/close')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
