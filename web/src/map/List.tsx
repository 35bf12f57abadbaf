import Button from '@mui/material/Button'
import { useState } from 'react'
import { type Speak, useSpeak } from '../kernel/i18n'
import { Tag } from '../ui/Marks'
import { Distance, Minutes } from '../ui/Times'
import type { LngLat } from './gcj'
import { pathOf } from './icons'
import { compass, type Group, GROUPS, isOld, type Mark } from './marks'

const AT_FIRST = 20

/** How old a position is, to the minute; or that it is her station. */
export function ageOf(mark: Mark, speak: Speak, now: number): string {
  if (!mark.at) return speak('map/nowhere')
  if (mark.seenAt === null) return speak('map/station')
  const seconds = Math.max(0, Math.round((now - Date.parse(mark.seenAt)) / 1000))
  if (seconds < 60) return speak('map/justNow')
  return seconds < 3600 ? speak('map/minutesAgo', { n: Math.floor(seconds / 60) }) : speak('map/hoursAgo', { n: Math.floor(seconds / 3600) })
}

function Shape({ group, old }: { group: Group; old: boolean }) {
  return (
    <svg width="22" height="22" viewBox="-16 -16 32 32" aria-hidden="true" className="map-shape" data-group={group} data-old={old}>
      <path d={pathOf(group)} />
    </svg>
  )
}

interface RowProps {
  mark: Mark
  place: LngLat | null
  now: number
  chosen: boolean
  show: (mark: Mark) => void
  choose: ((key: string) => void) | undefined
}

function Row({ mark, place, now, chosen, show, choose }: RowProps) {
  const speak = useSpeak()
  const old = isOld(mark, now)
  const who = (
    <>
      <Shape group={mark.group} old={old || mark.seenAt === null} />
      <span className="map-who">
        <strong>{mark.name}</strong> <span className="quiet">{speak.word('who', mark.kind)}</span>
        <span className="map-facts">
          {mark.state && <span>{speak.word('goingState', mark.state)}</span>}
          {mark.offer && mark.group === 'asked' && <span>{speak.word('offerState', mark.offer)}</span>}
          {mark.distM !== null && (
            <span>
              {place && mark.at && mark.distM > 15 && speak(`map/compass/${compass(place, mark.at)}`)} <Distance metres={mark.distM} />
            </span>
          )}
          {mark.etaS !== null && <Minutes seconds={mark.etaS} />}
          <span>{speak('map/position', { age: ageOf(mark, speak, now) })}</span>
          {old && <Tag tone="warn">{speak('map/old')}</Tag>}
          {!mark.reachable && <Tag tone="warn">{speak('map/unreachable')}</Tag>}
        </span>
      </span>
    </>
  )
  return (
    <li data-chosen={chosen}>
      {mark.at ? (
        <button type="button" className="map-row" aria-pressed={chosen} onClick={() => show(mark)}>
          {who}
        </button>
      ) : (
        <div className="map-row">{who}</div>
      )}
      {choose && mark.group !== 'coming' && (
        <Button variant="outlined" color="inherit" aria-label={speak('map/sendWho', { who: mark.name })} onClick={() => choose(mark.key)}>
          {speak('map/send')}
        </Button>
      )}
    </li>
  )
}

function Part({ group, marks, chosen, ...rest }: Omit<RowProps, 'mark' | 'chosen'> & { group: Group; marks: readonly Mark[]; chosen: string | null }) {
  const speak = useSpeak()
  const [all, setAll] = useState(false)
  const mine = marks.filter((mark) => mark.group === group)
  if (mine.length === 0) return null
  return (
    <section className="map-part">
      <h3>
        {speak(`map/group/${group}`)} <span className="count">{mine.length}</span>
      </h3>
      <ul>
        {mine.slice(0, all ? mine.length : AT_FIRST).map((mark) => (
          <Row key={mark.key} mark={mark} chosen={mark.key === chosen} {...rest} />
        ))}
      </ul>
      {!all && mine.length > AT_FIRST && (
        <Button fullWidth color="inherit" onClick={() => setAll(true)}>
          {speak('map/all', { n: mine.length })}
        </Button>
      )}
    </section>
  )
}

interface ListProps extends Omit<RowProps, 'mark' | 'chosen'> {
  marks: readonly Mark[]
  chosen: string | null
}

/** Everything that the map draws, in words; it does without the map. */
export function List(props: ListProps) {
  const speak = useSpeak()
  return (
    <div className="map-list" role="group" aria-label={speak('map/list')} tabIndex={0}>
      {GROUPS.map((group) => (
        <Part key={group} group={group} {...props} />
      ))}
      {props.marks.length === 0 && <p className="quiet pad">{speak('map/nobody')}</p>}
    </div>
  )
}
