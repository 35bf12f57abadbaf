import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogContent from '@mui/material/DialogContent'
import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { Account, DeviceView } from '../generated/http'
import { useDraft } from '../kernel/drafts'
import { useSpeak } from '../kernel/i18n'
import { serverClock } from '../kernel/time'
import { type Order, pathOf } from '../things/api'
import { PickPlace, placeBody, type Where } from '../things/Place'
import { Secret } from '../things/Secret'
import { isInstalled, openWindow } from '../things/state'
import { Ask } from '../ui/Ask'
import { Notice } from '../ui/Banners'
import { Foot } from '../ui/Foot'

/** Shown once, after a key was changed or a device given up. */
export interface Shown {
  secret?: string | null
  claim_code?: string | null
}

interface FormProps {
  id: string
  order: Order
  close: () => void
  show: (shown: Shown) => void
}

function Confirm({ id, order, close }: FormProps) {
  const speak = useSpeak()
  const [how, setHow] = useState<'voice' | 'tick' | null>(null)
  const send = async () => (await order.send({ path: pathOf(id, '/confirm'), body: { how } })) !== null
  return (
    <Ask title={speak('device/confirmTitle')} action={speak('device/confirm')} ready={how !== null} command={order} close={close} send={send}>
      <p>{speak('device/confirmBody')}</p>
      <RadioGroup aria-label={speak('device/confirmHow')} value={how ?? ''} onChange={(_, value) => setHow(value as 'voice')}>
        <FormControlLabel value="voice" control={<Radio />} label={speak('device/voice')} />
        <FormControlLabel value="tick" control={<Radio />} label={speak('device/tick')} />
      </RadioGroup>
    </Ask>
  )
}

function Move({ id, order, close }: FormProps) {
  const speak = useSpeak()
  const [where, setWhere] = useState<Where | null>(null)
  const send = async () => where !== null && (await order.send({ path: pathOf(id, '/place'), body: placeBody(where) })) !== null
  return (
    <Ask title={speak('device/moveTitle')} action={speak('device/moveDo')} ready={where !== null} command={order} close={close} send={send}>
      <p>{speak('device/moveBody')}</p>
      <PickPlace where={where} choose={setWhere} />
    </Ask>
  )
}

function Revoke({ id, order, close }: FormProps) {
  const speak = useSpeak()
  const words = `revoke ${id} `
  const [reason, setReason] = useDraft(`${words}reason`)
  const send = async () => (await order.send({ path: pathOf(id, '/revoke'), body: { reason } })) !== null
  return (
    <Ask danger title={speak('device/revoke')} action={speak('device/revokeDo')} ready={reason.trim() !== ''} command={order} draft={words} close={close} send={send}>
      <p>{speak('device/revokeAsk')}</p>
      <TextField fullWidth required label={speak('device/reason')} value={reason} onChange={(event) => setReason(event.target.value)} />
    </Ask>
  )
}

function Sure({ id, order, close, show, name }: FormProps & { name: 'rekey' | 'unclaim' }) {
  const speak = useSpeak()
  const send = async () => {
    const shown = await order.send<Shown>({ path: pathOf(id, `/${name}`) })
    if (shown) show(shown)
    return shown !== null
  }
  return (
    <Ask danger ready title={speak(`device/${name}`)} action={speak(`device/${name}Do`)} command={order} close={close} send={send}>
      <p>{speak(`device/${name}Ask`)}</p>
    </Ask>
  )
}

const Rekey = (props: FormProps) => <Sure {...props} name="rekey" />
const Unclaim = (props: FormProps) => <Sure {...props} name="unclaim" />

const FORMS = { confirm: Confirm, move: Move, rekey: Rekey, revoke: Revoke, unclaim: Unclaim }
type Form = keyof typeof FORMS

const KEYS = new Set(['installer', 'supervisor', 'admin'])

/** Which actions make sense now, for this person. */
function possible(device: DeviceView, role: string): Form[] {
  const held = KEYS.has(role) && device.revoked_at === null
  const credential = device.cls !== 'relayed'
  return [
    ...(device.unconfirmed ? (['confirm'] as const) : []),
    'move',
    ...(held && credential ? (['rekey'] as const) : []),
    ...(held ? (['revoke'] as const) : []),
    ...(KEYS.has(role) && credential ? (['unclaim'] as const) : []),
  ]
}

function OnlyOnce({ shown, close }: { shown: Shown; close: () => void }) {
  const speak = useSpeak()
  return (
    <Dialog open fullWidth maxWidth="sm" aria-labelledby="once-title">
      <h2 id="once-title" className="visually-hidden">
        {speak('device/secretTitle')}
      </h2>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        {shown.claim_code && <Secret title={speak('device/codeTitle')} text={shown.claim_code} hint={speak('device/codeHint')} />}
        {shown.secret && <Secret title={speak('device/secretTitle')} text={shown.secret} hint={speak('device/secretHint')} />}
      </DialogContent>
      <Foot close={close} words={speak('register/close')} />
    </Dialog>
  )
}

interface DeviceActionsProps {
  view: DeviceView
  account: Account
  order: Order
}

/** A test starts at one click, since it harms nobody; the rest asks once, in words. */
export function DeviceActions({ view, account, order }: DeviceActionsProps) {
  const speak = useSpeak()
  const device = view
  const [form, setForm] = useState<Form | null>(null)
  const [shown, setShown] = useState<Shown | null>(null)
  const [asked, setAsked] = useState(false)
  const Asked = form ? FORMS[form] : null
  const button = device.kind === 'button' || device.kind === 'wearable' || device.kind === 'sensor'
  const testing = openWindow(view.windows, serverClock.now()) !== null
  const test = () => order.send({ path: pathOf(device.id, '/test-window'), body: {} })
  const ask = async () => setAsked((await order.send({ path: pathOf(device.id, '/ask'), body: { cmd: 'test' } })) !== null)
  const choose = (next: Form | null) => {
    order.clear()
    setForm(next)
  }
  return (
    <>
      <div className="actions" role="toolbar" aria-label={speak('device/actions')}>
        {button && (
          <Button variant="contained" disabled={testing || order.busy !== null} onClick={() => void test()}>
            {speak('device/startTestLong')}
          </Button>
        )}
        {possible(view, account.role).map((name) => (
          <Button key={name} variant="outlined" color={name === 'revoke' || name === 'unclaim' ? 'error' : 'inherit'} onClick={() => choose(name)}>
            {speak(name === 'move' && isInstalled(device) ? 'device/moveAgain' : `device/${name}`)}
          </Button>
        ))}
        {device.cls === 'own' && device.online && (
          <Button variant="outlined" color="inherit" disabled={order.busy !== null} onClick={() => void ask()}>
            {speak('device/ask')}
          </Button>
        )}
      </div>
      {order.problem !== null && form === null && (
        <Notice
          tone="warn"
          title={speak.problem(order.problem)}
          action={
            <Button variant="outlined" color="inherit" onClick={order.clear}>
              {speak('common/know')}
            </Button>
          }
        />
      )}
      {asked && <Notice tone="calm" title={speak('device/asked')} />}
      {Asked && <Asked id={device.id} order={order} close={() => choose(null)} show={setShown} />}
      {shown && (shown.secret || shown.claim_code) && <OnlyOnce shown={shown} close={() => setShown(null)} />}
    </>
  )
}
