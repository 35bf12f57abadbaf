import { createRoot } from 'react-dom/client'
import { startLanguage } from '../kernel/i18n'
import { Styled } from '../ui/Styled'
import { Look } from './Look'
import '../ui/base.css'
import './look.css'

function Page() {
  return (
    <Styled density="desk">
      <Look />
    </Styled>
  )
}

await startLanguage()
createRoot(document.getElementById('root') as HTMLElement).render(<Page />)
