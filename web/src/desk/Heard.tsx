import { memo } from 'react'
import type { AlarmHeard } from '../generated/console'
import { useSpeak } from '../kernel/i18n'
import { levelOf } from '../kernel/ring/pattern'
import { serverClock, useSecond } from '../kernel/time'
import { LevelMark, Tag } from '../ui/Marks'
import { Elapsed } from '../ui/Times'

const ALONE_AFTER_MS = 3_000

/** Nobody has been sent: what is left to a person is to telephone, and her numbers are one click away. */
function useAlone(since: string): boolean {
  useSecond()
  return serverClock.now() - Date.parse(since) >= ALONE_AFTER_MS
}

/** An alarm that is stored and in no incident yet: who calls and where is known before anybody has been asked. */
export const Heard = memo(function Heard({ word }: { word: AlarmHeard }) {
  const speak = useSpeak()
  const alone = useAlone(word.at)
  return (
    <li className="row heard" data-level={levelOf(word.priority)} data-waiting="true" data-heard={word.alarm}>
      <div className="open">
        <span className="line">
          <LevelMark priority={word.priority} size={26} />
          <strong className="kind">{speak.word('kind', word.kind)}</strong>
          <span className="elder">{word.name_masked || word.device}</span>
          <Elapsed since={word.at} className="timer" />
        </span>
        <span className="line place">{word.place}</span>
        <span className="line small">
          {alone ? <Tag tone="alert">{speak('desk/heardAlone')}</Tag> : <span>{speak('desk/heard')}</span>}
          {word.drill && <Tag tone="drill">{speak('desk/drillRow')}</Tag>}
        </span>
      </div>
      {alone && word.elder && (
        <div className="claim">
          <a className="take" href={`/board#people/${encodeURIComponent(word.elder)}`} target="yinling-board" aria-label={`${speak('desk/heardRecord')} ${word.name_masked}`}>
            {speak('desk/heardRecord')}
          </a>
        </div>
      )}
    </li>
  )
})
