import { StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { usePalette } from '../kernel/look'
import { variables } from '../kernel/tokens'
import { wakeLock } from '../kernel/wake'
import '../ui/base.css'
import { Wall } from './Wall'
import { en, zh } from './words'
import './wall.css'

const english = /^en\b/i.test(navigator.language)
const [lang, words] = english ? (['en', en] as const) : (['zh-CN', zh] as const)
// behind the #, where no server and no log is told it
const ticket = location.hash.slice(1)

function App() {
  const mode = usePalette()
  useEffect(() => {
    for (const [name, value] of Object.entries(variables(mode, 'desk'))) document.documentElement.style.setProperty(name, value)
    document.documentElement.dataset['mode'] = mode
  }, [mode])
  return <Wall ticket={ticket} lang={lang} words={words} />
}

document.documentElement.lang = lang
void wakeLock.hold()
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
