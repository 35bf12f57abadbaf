import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import { useState } from 'react'
import type { DeviceView, WindowLine } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { elapsed, serverClock, useSecond } from '../kernel/time'
import { type Order, pathOf, useDevice, useOrder } from '../things/api'
import { PickPlace, placeBody, type Where } from '../things/Place'
import { Secret } from '../things/Secret'
import { openWindow, TESTS } from '../things/state'
import { Glyph } from '../ui/Marks'
import { useLeft } from '../ui/Times'

export function Problem({ order }: { order: Order }) {
  const speak = useSpeak()
  if (order.problem === null) return null
  return (
    <p className="danger" role="alert">
      {speak.problem(order.problem)}
    </p>
  )
}

export function Claimed({ id, secret, next }: { id: string; secret: string | null; next: () => void }) {
  const speak = useSpeak()
  return (
    <section className="step">
      <h1 className="good">
        <Glyph name="tick" size={32} /> {speak('install/doneTitle')}
      </h1>
      <p role="status">{speak('install/doneBody', { id })}</p>
      <Button fullWidth variant="contained" className="primary" onClick={next}>
        {speak('install/toWhere')}
      </Button>
      {secret && <Secret title={speak('install/secret')} text={secret} hint={speak('install/secretHint')} />}
    </section>
  )
}

export function Placing({ id, next }: { id: string; next: () => void }) {
  const speak = useSpeak()
  const order = useOrder()
  const [where, setWhere] = useState<Where | null>(null)
  const place = async (chosen: Where) => {
    if (await order.send({ path: pathOf(id, '/place'), body: placeBody(chosen) })) next()
  }
  return (
    <section className="step">
      <h1>{speak('install/whereTitle')}</h1>
      <PickPlace where={where} choose={setWhere} autoFocus={false} />
      <Problem order={order} />
      {where && (
        <Button fullWidth variant="contained" className="primary" disabled={order.busy !== null} onClick={() => void place(where)}>
          {speak(order.busy ? 'common/sending' : 'install/place')}
        </Button>
      )}
    </section>
  )
}

function Heard({ window }: { window: WindowLine }) {
  const speak = useSpeak()
  const left = useLeft(window.until_at)
  const n = window.presses
  if (n > TESTS) return <p className="danger">{speak('install/testReal')}</p>
  return (
    <>
      <div className="heard" data-heard={n > 0} role="status">
        {n > 0 && <Glyph name="tick" size={56} />}
        <strong>{speak(n > 0 ? 'install/testGood' : 'install/testWait')}</strong>
        {n > 0 && <span>{speak('install/testCount', { n })}</span>}
      </div>
      {n === TESTS && <p>{speak('install/testThird')}</p>}
      <p className="quiet" aria-live="off">
        {speak('install/testLeft', { time: elapsed(left * 1000) })}
      </p>
    </>
  )
}

/** How often it was pressed in the newest window, open or over. */
const tested = (view: DeviceView | undefined): number => Math.max(0, ...(view?.windows ?? []).slice(0, 1).map(({ presses }) => presses))

export function Testing({ id, next }: { id: string; next: () => void }) {
  const speak = useSpeak()
  const order = useOrder()
  const { data: view, error } = useDevice(id)
  const [started, setStarted] = useState(false)
  useSecond()
  const window = openWindow(view?.windows ?? [], serverClock.now())
  const start = async () => setStarted((await order.send({ path: pathOf(id, '/test-window'), body: {} })) !== null)
  const done = started && tested(view) > 0
  const late = started && window === null && view !== undefined && !done && !order.busy
  return (
    <section className="step centred">
      <h1>{speak('install/testTitle')}</h1>
      {!window && !done && <p>{speak(late ? 'install/testOver' : 'install/testBody')}</p>}
      {window && <Heard window={window} />}
      <Problem order={order} />
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {!window && (
        <Button fullWidth variant={done ? 'outlined' : 'contained'} color={done ? 'inherit' : 'primary'} className="primary" disabled={order.busy !== null} onClick={() => void start()}>
          {speak('install/testStart')}
        </Button>
      )}
      {(window?.presses ?? 0) > 0 || done ? (
        <Button fullWidth variant="contained" className="primary" onClick={next}>
          {speak('install/toSure')}
        </Button>
      ) : (
        <Button fullWidth variant="outlined" color="inherit" onClick={next}>
          {speak('install/testSkip')}
        </Button>
      )}
    </section>
  )
}

export function Sure({ id, next }: { id: string; next: () => void }) {
  const speak = useSpeak()
  const order = useOrder()
  const { data: view } = useDevice(id)
  const [sure, setSure] = useState(false)
  const confirm = async () => {
    if (await order.send({ path: pathOf(id, '/confirm'), body: { how: 'tick' } })) next()
  }
  return (
    <section className="step">
      <h1>{speak('install/sureTitle')}</h1>
      {view && (
        <div className="address">
          <strong>{view.elder_name_masked || speak('device/wholeHome')}</strong>
          <span>{view.place}</span>
          <span className="quiet small">{view.tested_at ? speak('install/testGood') : speak('install/untested')}</span>
        </div>
      )}
      <FormControlLabel control={<Checkbox checked={sure} onChange={(_, on) => setSure(on)} />} label={speak('install/sureTick')} />
      <Problem order={order} />
      <Button fullWidth variant="contained" className="primary" disabled={!sure || order.busy !== null} onClick={() => void confirm()}>
        {speak(order.busy ? 'common/sending' : 'install/sureDo')}
      </Button>
      <Button fullWidth variant="outlined" color="inherit" onClick={next}>
        {speak('install/sureLater')}
      </Button>
    </section>
  )
}

export function Over({ id, again }: { id: string; again: () => void }) {
  const speak = useSpeak()
  const { data: view } = useDevice(id)
  return (
    <section className="step centred">
      <Glyph name="tick" size={64} />
      <h1>{speak('install/overAll')}</h1>
      <p role="status">{view?.unconfirmed ? speak('install/laterBody', { id }) : speak('install/overAllBody', { id })}</p>
      <Button fullWidth variant="contained" className="primary" onClick={again}>
        {speak('install/next')}
      </Button>
    </section>
  )
}
