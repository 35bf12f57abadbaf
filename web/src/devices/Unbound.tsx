import type { UnplacedLine } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Ago } from '../things/Marks'
import type { Candidate } from '../things/proposal'
import { Tag } from '../ui/Marks'
import { useSteps } from '../ui/steps'
import type { useCandidates } from './Devices'

export type Waiting = ReturnType<typeof useCandidates>

interface GroupProps {
  title: string
  list: readonly Candidate[]
  selected: string | null
  choose: (key: string) => void
}

function Group({ title, list, selected, choose }: GroupProps) {
  const speak = useSpeak()
  if (list.length === 0) return null
  return (
    <section>
      <h2>
        {title} <span className="count">{list.length}</span>
      </h2>
      <ul>
        {list.map((one) => (
          <li key={one.key} className="row" data-selected={one.key === selected} data-pressed={one.press !== null}>
            <button type="button" className="open" data-row={one.key} aria-current={one.key === selected ? 'true' : undefined} onClick={() => choose(one.key)}>
              <span className="line">
                <strong className="kind">{one.name}</strong>
                <Tag>{speak.word('adapterName', one.adapter)}</Tag>
                <span className="end">
                  <Ago at={one.at} />
                </span>
              </span>
              <span className="line place">{one.address}</span>
              <span className="line small">
                {one.press && <span>{speak('unbound/copies', { n: one.press.copies })}</span>}
                <span>{one.about}</span>
                <span>{one.words.join(' · ')}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What came and cannot be bound, because it is no device without an owner; it is followed up by hand. */
function Others({ list, selected, choose }: { list: readonly UnplacedLine[]; selected: string | null; choose: (key: string) => void }) {
  const speak = useSpeak()
  if (list.length === 0) return null
  return (
    <section>
      <h2>
        {speak('unbound/others')} <span className="count">{list.length}</span>
      </h2>
      <ul>
        {list.map((one) => (
          <li key={one.quarantine} className="row" data-selected={one.quarantine === selected}>
            <button type="button" className="open" data-row={one.quarantine} aria-current={one.quarantine === selected ? 'true' : undefined} onClick={() => choose(one.quarantine)}>
              <span className="line">
                <strong className="kind">{speak.word('quarantine', one.reason)}</strong>
                <span className="end">
                  <Ago at={one.last_at} />
                </span>
              </span>
              <span className="line place">{one.topic}</span>
              <span className="line small">{speak('unbound/copies', { n: one.copies })}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

interface UnboundProps {
  waiting: Waiting
  selected: string | null
  choose: (key: string) => void
}

export function Unbound({ waiting: { list, strays, discovered }, selected, choose }: UnboundProps) {
  const speak = useSpeak()
  const { list: nav, onKeyDown } = useSteps()
  const others = strays.items.filter(({ reason }) => reason !== 'unbound')
  const error = strays.error ?? discovered.error
  const nothing = list.length === 0 && others.length === 0
  return (
    <nav className="queue" ref={nav} onKeyDown={onKeyDown} aria-label={speak('unbound/title')}>
      {strays.isPending && <p className="quiet empty">{speak('common/loading')}</p>}
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {nothing && !strays.isPending && (
        <div className="empty">
          <p>{speak('unbound/none')}</p>
          <p className="quiet">{speak('unbound/noneBody')}</p>
        </div>
      )}
      <Group title={speak('unbound/waiting')} list={list.filter(({ press }) => press)} selected={selected} choose={choose} />
      <Group title={speak('unbound/discovered')} list={list.filter(({ press }) => !press)} selected={selected} choose={choose} />
      <Others list={others} selected={selected} choose={choose} />
    </nav>
  )
}
