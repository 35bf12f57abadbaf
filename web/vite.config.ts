import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import about from './package.json' with { type: 'json' }

const gateway = 'http://127.0.0.1:8080'

/** A page's own style sheet after those it shares, as its modules say; the bundler puts shared ones without script last. */
const ownStyleLast: Plugin = {
  name: 'own-style-last',
  transformIndexHtml: {
    order: 'post',
    handler(html, { chunk }) {
      const [own] = chunk?.viteMetadata?.importedCss ?? []
      const link = own && html.split('\n').find((line) => line.includes('stylesheet') && line.includes(own))
      return link ? html.replace(`${link}\n`, '').replace('  </head>', () => `${link}\n  </head>`) : html
    },
  },
}

export default defineConfig({
  plugins: [react(), ownStyleLast],
  html: { cspNonce: '__CSP_NONCE__' }, // the gateway puts a fresh one in
  define: { __BUILD__: JSON.stringify(about.version) },
  build: {
    target: 'es2022',
    rollupOptions: { input: ['index.html', 'field.html', 'desk.html', 'devices.html', 'board.html', 'account.html', 'supervise.html', 'wall.html', 'install.html', 'button.html', 'elder.html', 'family.html', 'look.html'] },
  },
  server: { proxy: { '/api': gateway, '/ws': { target: gateway, ws: true } } },
  test: { environment: 'node', include: ['test/**/*.test.ts'] },
})
