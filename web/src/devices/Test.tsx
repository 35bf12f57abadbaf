import { useSpeak } from '../kernel/i18n'
import { elapsed, serverClock, useSecond } from '../kernel/time'
import { Day } from '../things/Marks'
import type { DeviceView, WindowLine } from '../generated/http'
import { openWindow, TESTS } from '../things/state'
import { Glyph } from '../ui/Marks'
import { useLeft } from '../ui/Times'

function Heard({ window }: { window: WindowLine }) {
  const speak = useSpeak()
  if (window.presses === 0) return <span>{speak('device/testWait')}</span>
  const words = window.presses > TESTS ? 'device/testHeardReal' : 'device/testHeard'
  return (
    <strong className="heard" data-real={window.presses > TESTS}>
      <Glyph name={window.presses > TESTS ? 'warn' : 'tick'} size={24} />
      {speak(words, { n: window.presses })}
    </strong>
  )
}

function Open({ window }: { window: WindowLine }) {
  const speak = useSpeak()
  const left = useLeft(window.until_at)
  return (
    <section className="testing" aria-label={speak('things/testing')}>
      <p aria-live="off">{speak('device/testOpen', { time: elapsed(left * 1000) })}</p>
      <p role="status">
        <Heard window={window} />
      </p>
    </section>
  )
}

/** The window while it is open: every press is on the page within a second. */
export function Test({ view }: { view: DeviceView }) {
  useSecond()
  const window = openWindow(view.windows, serverClock.now())
  return window ? <Open window={window} /> : null
}

/** Windows of before. */
export function Windows({ view }: { view: DeviceView }) {
  const speak = useSpeak()
  return (
    <section aria-labelledby="d-windows">
      <h2 id="d-windows">{speak('device/windows')}</h2>
      {view.windows.length === 0 && <p className="quiet">{speak('device/noWindows')}</p>}
      <ul className="lines">
        {view.windows.map((one) => (
          <li key={one.opened_at}>
            <Day at={one.opened_at} />
            <span>{speak('device/windowLine', { n: one.presses })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
