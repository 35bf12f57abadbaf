import createCache from '@emotion/cache'
import { CacheProvider } from '@emotion/react'
import { ThemeProvider } from '@mui/material/styles'
import type { ReactNode } from 'react'
import { useTheme } from '../kernel/theme'
import type { Density } from '../kernel/tokens'

/** The number without which the browser takes no style from a script (Content-Security-Policy). */
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce

const cache = createCache(nonce ? { key: 'css', nonce } : { key: 'css' })

/** The look of a screen around its content. */
export function Styled({ density, children }: { density: Density; children: ReactNode }) {
  return (
    <CacheProvider value={cache}>
      <ThemeProvider theme={useTheme(density)}>{children}</ThemeProvider>
    </CacheProvider>
  )
}
