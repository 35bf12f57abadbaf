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

/** Around one incident, with those who may be asked now; whoever is chosen there can be sent at once. */
function Around({ account, row }: { account: Account; row: IncidentRow }) {
  const ver = useSettled(row.ver, CALM_MS)
  const { data } = useCandidates(row.incident, ver)
  const command = useCommand(row)
  const [named, setNamed] = useState<string | null>(null)
  return (
    <>
      <MapPane division={account.division} incident={row.incident} ver={ver} candidates={data?.items ?? []} choose={setNamed} />
      {named && <Send row={row} command={command} first={named} close={() => setNamed(null)} />}
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
          <Suspense fallback={<p className="pad quiet">{speak('panes/loading')}</p>}>{row ? <Around key={row.incident} account={account} row={row} /> : <MapPane division={account.division} />}</Suspense>
        </Guard>
      </div>
    </section>
  )
}
