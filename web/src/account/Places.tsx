import Button from '@mui/material/Button'
import { useSpeak } from '../kernel/i18n'
import { clockTime } from '../kernel/time'
import { Tag } from '../ui/Marks'
import { useChange, useSessions } from './api'
import { Trouble } from './Trouble'

const NAMES = [/MicroMessenger/, /HarmonyOS/, /Android/, /iPhone|iPad/, /Windows/, /Mac OS/, /Linux/]
const BROWSERS = [/Edg/, /Firefox/, /Chrome/, /Safari/]

const found = (names: readonly RegExp[], agent: string): string => names.map((name) => agent.match(name)?.[0]).find(Boolean) ?? ''

/** What a browser calls itself, in two words. */
export const shortAgent = (agent: string): string => [found(NAMES, agent), found(BROWSERS, agent)].filter(Boolean).join(' · ')

/** Where one is logged in, and a way to end each. */
export function Places() {
  const speak = useSpeak()
  const change = useChange()
  const { data } = useSessions()
  const items = data?.items ?? []
  return (
    <section aria-labelledby="places-title">
      <h2 id="places-title">{speak('account/sessions')}</h2>
      <ul className="lines">
        {items.map((one) => (
          <li key={one.id}>
            <span>
              <strong>{shortAgent(one.agent ?? '') || speak('account/unknownAgent')}</strong> <span className="quiet">{one.address}</span> {one.current && <Tag tone="good">{speak('account/here')}</Tag>}
              <span className="small block quiet">
                {speak('account/since', { time: clockTime(one.created_at, speak.lang) })}
                {one.used_at && ` · ${speak('account/lastUsed', { time: clockTime(one.used_at, speak.lang) })}`}
              </span>
            </span>
            {!one.current && (
              <Button variant="outlined" color="inherit" disabled={change.busy !== null} onClick={() => void change.send(`/sessions/${one.id}`, undefined, 'DELETE')}>
                {speak('account/end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Trouble problem={change.problem} />
      {items.length > 1 && (
        <Button variant="outlined" color="inherit" disabled={change.busy !== null} onClick={() => void change.send('/sessions/others', undefined, 'DELETE')}>
          {speak('account/endOthers')}
        </Button>
      )}
    </section>
  )
}
