import Button from '@mui/material/Button'
import { useState } from 'react'
import { useSpeak } from '../kernel/i18n'
import type { Order } from '../things/api'
import { ago } from '../things/ago'
import { Span } from '../things/Marks'
import type { BindingLine, DeviceView, PlacementLine } from '../generated/http'
import { Ask } from '../ui/Ask'
import { Tag } from '../ui/Marks'
import { serverClock } from '../kernel/time'

function Confirmed({ one }: { one: PlacementLine }) {
  const speak = useSpeak()
  if (!one.confirmed_at) return <Tag tone="warn">{speak('device/notConfirmed')}</Tag>
  const time = ago(one.confirmed_at, speak, serverClock.now())
  const who = one.confirmed_how === 'import' ? '' : (one.confirmed_by ?? '')
  return <span className="small quiet">{[speak.word('confirmHow', one.confirmed_how), who, time].filter(Boolean).join(' · ')}</span>
}

/** Where it was and who wore it, the present first; history stays with whose it was. */
export function Placements({ view }: { view: DeviceView }) {
  const speak = useSpeak()
  return (
    <section aria-labelledby="d-placements">
      <h2 id="d-placements">{speak('device/placements')}</h2>
      {view.placements.length === 0 && <p className="quiet">{speak('device/noPlacements')}</p>}
      <ol className="placements">
        {view.placements.map((one) => (
          <li key={one.from_at} data-over={one.until_at !== null}>
            <span>
              <strong>{one.elder_name_masked || speak('device/wholeHome')}</strong> {one.place ?? one.home}
            </span>
            <span className="small quiet">
              <Span from={one.from_at} until={one.until_at} />
            </span>
            <Confirmed one={one} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Unbind({ binding, order, close }: { binding: BindingLine; order: Order; close: () => void }) {
  const speak = useSpeak()
  const send = async () => (await order.send({ method: 'DELETE', path: `/bindings?address=${encodeURIComponent(binding.address)}` })) !== null
  return (
    <Ask danger ready title={speak('device/unbind')} action={speak('device/unbind')} command={order} close={close} send={send}>
      <p>{speak('device/unbindAsk', { address: binding.address })}</p>
    </Ask>
  )
}

export function Bindings({ view, order }: { view: DeviceView; order: Order }) {
  const speak = useSpeak()
  const [unbinding, setUnbinding] = useState<BindingLine | null>(null)
  if (view.bindings.length === 0) return null
  const means = (kind: unknown) => (kind === 'ignore' ? speak('bind/ignore') : speak.word('kind', String(kind)))
  return (
    <section aria-labelledby="d-bindings">
      <h2 id="d-bindings">{speak('device/bindings')}</h2>
      <ul className="bindings">
        {view.bindings.map((one) => (
          <li key={one.address}>
            <div>
              <span className="code">{one.address}</span> <Tag>{speak.word('adapterName', one.adapter)}</Tag>
              <span className="small quiet">
                {Object.entries(one.meaning)
                  .map(([word, kind]) => speak('device/means', { word, kind: means(kind) }))
                  .join(speak.lang === 'en' ? '; ' : '；')}
              </span>
            </div>
            <Button variant="outlined" color="inherit" onClick={() => setUnbinding(one)}>
              {speak('device/unbind')}
            </Button>
          </li>
        ))}
      </ul>
      {unbinding && <Unbind binding={unbinding} order={order} close={() => setUnbinding(null)} />}
    </section>
  )
}
