import Button from '@mui/material/Button'
import { useState } from 'react'
import type { CallerCard, CallerHint, CallView, DeskCallLine, IncidentView, PhoneIncident } from '../generated/http'
import { act } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { deskSeen, putAside } from '../kernel/state/desk'
import type { Item } from '../kernel/state/queue'
import { useDrawn } from '../ui/drawn'
import { Glyph } from '../ui/Marks'
import { Telephone } from '../ui/Telephone'
import { Clock } from '../ui/Times'
import { useDesk } from './live'

interface Chosen {
  elder: string
  incident: string | null
}

/** What a call leads to: the open incident, or a new one, which it is then linked to. */
function useCall(call: string, open: (incident: string) => void) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const tried = async <T,>(work: () => Promise<T>): Promise<T | null> => {
    setBusy(true)
    setProblem(null)
    try {
      return await work()
    } catch (error) {
      setProblem(error)
      return null
    } finally {
      setBusy(false)
    }
  }
  const look = () => tried(() => act<CallView>(`/calls/${call}/open`, { body: {} }))
  const goTo = ({ elder, incident }: Chosen) =>
    tried(async () => {
      const about = incident ?? (await act<IncidentView>('/incidents', { body: { elder } satisfies PhoneIncident })).row.incident
      await act(`/calls/${call}/link`, { body: { incident: about } })
      open(about)
    })
  return { busy, problem, look, goTo }
}

function Caller({ hint, card, busy, goTo }: { hint: CallerHint; card: CallerCard | undefined; busy: boolean; goTo: (chosen: Chosen) => void }) {
  const speak = useSpeak()
  const name = card?.elder.name ?? hint.name_masked
  return (
    <div className="caller">
      <div>
        <strong>{name}</strong>
        <span className="small">{card?.home?.address ?? hint.place}</span>
        {card?.elder.health && <span className="small">{card.elder.health}</span>}
        {card?.elder.phone && <Telephone who={name} phone={card.elder.phone} />}
      </div>
      <Button variant="contained" disabled={busy} aria-label={hint.incident ? undefined : speak('call/openWho', { who: name })} onClick={() => goTo({ elder: hint.elder, incident: hint.incident })}>
        {speak(hint.incident ? 'call/toIncident' : 'call/open')}
      </Button>
    </div>
  )
}

function Call({ item, open }: { item: Item<DeskCallLine>; open: (incident: string) => void }) {
  const speak = useSpeak()
  const { live } = useDesk()
  const { d: call } = item
  useDrawn(live, item.unseen, item.key, deskSeen)
  const [view, setView] = useState<CallView | null>(null)
  const { busy, problem, look, goTo } = useCall(call.call, open)
  const aside = () => live.store.everywhere((state) => putAside(state, item.key))
  const number = view?.number || call.number_masked || speak('call/hidden')
  return (
    <li>
      <div>
        <strong>
          <Clock at={call.at} /> {speak(call.elders.length > 0 ? 'call/body' : 'call/nobody', { number })}
        </strong>
        {call.elders.map((hint) => (
          <Caller key={hint.elder} hint={hint} card={view?.elders.find(({ elder }) => elder.id === hint.elder)} busy={busy} goTo={(chosen) => void goTo(chosen).then((done) => done !== null && aside())} />
        ))}
        {problem !== null && (
          <p className="danger" role="alert">
            {speak.problem(problem)}
          </p>
        )}
        <span className="choose">
          {!view && (
            <Button variant="outlined" color="inherit" disabled={busy} onClick={() => void look().then(setView)}>
              {speak('call/show')}
            </Button>
          )}
          <Button variant="outlined" color="inherit" onClick={aside}>
            {speak('call/ended')}
          </Button>
        </span>
      </div>
    </li>
  )
}

/** Somebody telephones through the exchange: who it may be, masked until somebody looks. */
export function IncomingCalls({ calls, open }: { calls: Item<DeskCallLine>[]; open: (incident: string) => void }) {
  const speak = useSpeak()
  if (calls.length === 0) return null
  return (
    <section className="notices" data-tone="warn" aria-labelledby="calls">
      <h2 id="calls">
        <Glyph name="phone" /> {speak('call/title')} <span className="count">{calls.length}</span>
      </h2>
      <ul>
        {calls.map((item) => (
          <Call key={item.key} item={item} open={open} />
        ))}
      </ul>
    </section>
  )
}
