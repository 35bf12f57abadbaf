import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { type FormEvent, useRef, useState } from 'react'
import type { ClaimOpened } from '../generated/http'
import { ApiError } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { pathOf, useOrder } from '../things/api'
import { canScan, Scan } from './Scan'

type Missing = 'missingId' | 'missingCode' | null

export interface Claiming extends ClaimOpened {
  id: string
}

interface FindProps {
  claiming: (claim: Claiming) => void
  goOn: (id: string) => void
  pair: () => void
}

const codeOf = (problem: unknown): string => (problem instanceof ApiError ? problem.problem.code : '')

/** Label or fingers; then the claim is open for a minute. */
export function Find({ claiming, goOn, pair }: FindProps) {
  const speak = useSpeak()
  const order = useOrder()
  const [id, setId] = useState('')
  const [code, setCode] = useState('')
  const [missing, setMissing] = useState<Missing>(null)
  const [scanning, setScanning] = useState(false)
  const fields = { missingId: useRef<HTMLInputElement>(null), missingCode: useRef<HTMLInputElement>(null) }
  const lacks = (what: Missing): boolean => {
    setMissing(what)
    if (what) fields[what].current?.focus()
    return what !== null
  }
  const claim = async (device: string, secret: string) => {
    if (lacks(device ? (secret ? null : 'missingCode') : 'missingId')) return
    const opened = await order.send<ClaimOpened>({ path: pathOf(device, '/claim'), body: { code: secret } })
    if (opened) claiming({ id: device, ...opened })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (order.busy === null) void claim(id.trim(), code.trim())
  }
  const goOnHere = () => {
    if (!lacks(id.trim() ? null : 'missingId')) goOn(id.trim())
  }
  const wrongId = missing === 'missingId' || codeOf(order.problem) === 'not_found'
  const wrongCode = missing === 'missingCode' || codeOf(order.problem) === 'wrong_code'
  if (scanning) {
    const found = (label: { id: string; code: string }) => {
      setScanning(false)
      setId(label.id)
      setCode(label.code)
      if (label.code) void claim(label.id, label.code)
    }
    return <Scan found={found} stop={() => setScanning(false)} />
  }
  return (
    <form className="step" onSubmit={submit} noValidate>
      <h1>{speak('install/findTitle')}</h1>
      {canScan() && (
        <Button fullWidth variant="outlined" color="inherit" className="primary" onClick={() => setScanning(true)}>
          {speak('install/scan')}
        </Button>
      )}
      <TextField
        fullWidth
        required
        label={speak('install/id')}
        inputRef={fields.missingId}
        value={id}
        error={wrongId}
        helperText={missing === 'missingId' ? speak('install/missingId') : undefined}
        slotProps={{ htmlInput: { autoCapitalize: 'characters', autoComplete: 'off', spellCheck: false } }}
        onChange={(event) => setId(event.target.value)}
      />
      <TextField
        fullWidth
        required
        label={speak('install/code')}
        inputRef={fields.missingCode}
        value={code}
        error={wrongCode}
        helperText={missing === 'missingCode' ? speak('install/missingCode') : speak('install/codeHint')}
        slotProps={{ htmlInput: { autoCapitalize: 'characters', autoComplete: 'off', spellCheck: false } }}
        onChange={(event) => setCode(event.target.value)}
      />
      {order.problem !== null && (
        <p className="danger" role="alert">
          {speak.problem(order.problem)}
        </p>
      )}
      <Button fullWidth type="submit" variant="contained" className="primary" aria-disabled={order.busy !== null}>
        {speak(order.busy ? 'common/sending' : 'install/claim')}
      </Button>
      <p className="quiet small">{speak('install/already')}</p>
      <Button fullWidth variant="outlined" color="inherit" onClick={goOnHere}>
        {speak('install/goOn')}
      </Button>
      <Button fullWidth variant="outlined" color="inherit" href="/devices#unbound">
        {speak('install/foreign')}
      </Button>
      <Button fullWidth variant="outlined" color="inherit" onClick={pair}>
        {speak('install/pair')}
      </Button>
    </form>
  )
}
