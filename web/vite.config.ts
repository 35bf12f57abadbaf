import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import about from './package.json' with { type: 'json' }

const gateway = 'http://127.0.0.1:8080'

/** What every page's head begins with. */
const HEAD = [
  '<meta charset="utf-8" />',
  '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />',
  '<meta name="color-scheme" content="light dark" />',
  '<meta name="theme-color" content="#f6f5f1" />',
  '<link rel="icon" href="/src/ui/bell.svg" type="image/svg+xml" />',
].join('\n    ')

const oneHead: Plugin = {
  name: 'one-head',
  transformIndexHtml: { order: 'pre', handler: (html) => html.replace('<head>', `<head>\n    ${HEAD}`) },
}

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
  plugins: [react(), oneHead, ownStyleLast],
  html: { cspNonce: '__CSP_NONCE__' }, // the gateway puts a fresh one in
  define: { __BUILD__: JSON.stringify(about.version) },
  build: {
    target: 'es2022',
    rollupOptions: { input: ['index.html', 'field.html', 'desk.html', 'devices.html', 'board.html', 'account.html', 'supervise.html', 'wall.html', 'install.html', 'button.html', 'elder.html', 'family.html', 'look.html'] },
  },
  server: { proxy: { '/api': gateway, '/ws': { target: gateway, ws: true } } },
  test: { environment: 'node', include: ['test/**/*.test.ts'] },
})
