import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startLanguage } from '../kernel/i18n'
import { Login } from './Login'

void startLanguage().then(() => {
  createRoot(document.getElementById('root') as HTMLElement).render(
    <StrictMode>
      <Login />
    </StrictMode>,
  )
})
