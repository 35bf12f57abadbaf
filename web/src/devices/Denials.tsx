import { useSpeak } from '../kernel/i18n'
import { useDenials } from '../things/api'
import { Ago } from '../things/Marks'
import { useSteps } from '../ui/steps'

/** Who knocked and was not let in; a click goes to the device of that name. */
export function Denials({ show }: { show: (device: string) => void }) {
  const speak = useSpeak()
  const { items, error, isPending } = useDenials()
  const { list, onKeyDown } = useSteps()
  return (
    <nav className="queue" ref={list} onKeyDown={onKeyDown} aria-label={speak('denials/title')}>
      {isPending && <p className="quiet empty">{speak('common/loading')}</p>}
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {!isPending && error === null && <p className="quiet empty">{speak(items.length === 0 ? 'denials/none' : 'denials/body')}</p>}
      <ul>
        {items.map((one) => (
          <li key={`${one.device} ${one.why}`} className="row">
            <button type="button" className="open" data-row={one.device} onClick={() => show(one.device)}>
              <span className="line">
                <strong className="kind">{one.device}</strong>
                <span className="end">
                  <Ago at={one.last_at} />
                </span>
              </span>
              <span className="line small">
                <span>{speak.word('denialWhy', one.why)}</span>
                <span>{speak('denials/line', { n: one.count })}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}
