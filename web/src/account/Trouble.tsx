import { useSpeak } from '../kernel/i18n'

/** What the server had against it. */
export function Trouble({ problem }: { problem: unknown }) {
  const speak = useSpeak()
  if (problem === null) return null
  return (
    <p className="danger" role="alert">
      {speak.problem(problem)}
    </p>
  )
}
