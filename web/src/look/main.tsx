import { ThemeProvider } from '@mui/material/styles'
import { createRoot } from 'react-dom/client'
import { startLanguage } from '../kernel/i18n'
import { useTheme } from '../kernel/theme'
import { Look } from './Look'
import '../ui/base.css'
import './look.css'

function Page() {
  return (
    <ThemeProvider theme={useTheme('desk')}>
      <Look />
    </ThemeProvider>
  )
}

await startLanguage()
createRoot(document.getElementById('root') as HTMLElement).render(<Page />)
