import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import about from './package.json' with { type: 'json' }

const gateway = 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
  html: { cspNonce: '__CSP_NONCE__' }, // the gateway puts a fresh one in
  define: { __BUILD__: JSON.stringify(about.version) },
  build: {
    target: 'es2022',
    rollupOptions: { input: ['index.html', 'field.html', 'desk.html', 'devices.html', 'board.html', 'account.html', 'supervise.html', 'wall.html', 'install.html', 'button.html', 'elder.html', 'family.html', 'look.html'] },
  },
  server: { proxy: { '/api': gateway, '/ws': { target: gateway, ws: true } } },
  test: { environment: 'node', include: ['test/**/*.test.ts'] },
})
