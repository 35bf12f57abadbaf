import { Frame } from './Frame'
import { useSay } from './words'

const LINES = ['help1', 'help2', 'help3', 'help4', 'help5'] as const

export function Help() {
  const { say } = useSay()
  return (
    <Frame heading={say('help')}>
      <ol className="help">{LINES.map((word) => <li key={word}>{say(word)}</li>)}</ol>
    </Frame>
  )
}
