import { Component, lazy, type ReactNode, Suspense, useState } from 'react'
import type { Account, IncidentRow } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { useSettled } from '../kernel/settled'
import { useCommand } from './commands'
import type { Panes } from './panes'
import { Send, useCandidates } from './Send'
import { Splitter } from './Splitter'

const MapPane = lazy(() => import('../map').then((map) => ({ default: map.MapPane })))
const CALM_MS = 2_000

interface GuardProps {
  otherwise: ReactNode
  children: ReactNode
}

/** A map that can't be drawn must take nothing with it. */
class Guard extends Component<GuardProps, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? this.props.otherwise : this.props.children
  }
}

/** The row as the map reads it: another incident at once, news of the same one calmly. */
function useCalm(row: IncidentRow | null): IncidentRow | null {
  const calm = useSettled(row, CALM_MS)
  return calm?.incident === row?.incident ? calm : row
}

function Sending({ row, first, close }: { row: IncidentRow; first: string; close: () => void }) {
  return <Send row={row} command={useCommand(row)} first={first} close={close} />
}

/** One map for the whole shift: from incident to incident it moves and is not made anew. Whoever is chosen can be sent. */
function Around({ account, row }: { account: Account; row: IncidentRow | null }) {
  const { incident, ver } = useCalm(row) ?? { incident: null, ver: 0 }
  const { data } = useCandidates(incident, ver)
  const [named, setNamed] = useState<{ incident: string; responder: string } | null>(null)
  const choose = incident === null ? undefined : (responder: string) => setNamed({ incident, responder })
  return (
    <>
      <MapPane division={account.division} incident={incident} ver={ver} candidates={data?.items} choose={choose} />
      {row && named?.incident === row.incident && <Sending key={row.incident} row={row} first={named.responder} close={() => setNamed(null)} />}
    </>
  )
}

interface MapSideProps {
  account: Account
  row: IncidentRow | null
  panes: Panes
}

/** The third pane. */
export function MapSide({ account, row, panes }: MapSideProps) {
  const speak = useSpeak()
  return (
    <section className="map-side" aria-label={speak('panes/map')} tabIndex={-1}>
      <Splitter pane="map" panes={panes} label={speak('panes/mapWidth')} />
      <div className="map-body">
        <Guard otherwise={<p className="pad">{speak('panes/mapFailed')}</p>}>
          <Suspense fallback={<p className="pad quiet">{speak('panes/loading')}</p>}>
            <Around account={account} row={row} />
          </Suspense>
        </Guard>
      </div>
    </section>
  )
}
