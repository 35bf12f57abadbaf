import type { Comer } from '../generated/http'
import { API } from '../kernel/api'
import { Face } from '../ui/Face'
import { useWords } from './words'

/** Those who come, so that she knows whom to let in. */
export function Faces({ these }: { these: readonly Comer[] }) {
  const { say } = useWords()
  if (these.length === 0) return null
  return (
    <ul className="faces">
      {these.map((one) => (
        <li key={`${one.order} ${one.number}`}>
          <Face name={one.name} src={one.portrait ? `${API}/elder/portraits/${one.portrait}` : null} />
          <span>
            <strong>{one.name}</strong><br />
            {say('badge', { number: one.number })}
          </span>
        </li>
      ))}
    </ul>
  )
}
