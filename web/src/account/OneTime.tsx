import Dialog from '@mui/material/Dialog'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import type { OneTimePassword } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { clockTime } from '../kernel/time'
import { Foot } from '../ui/Foot'

/** A one-time password, shown once: only its own button closes it. */
export function OneTime({ it, close }: { it: OneTimePassword; close: () => void }) {
  const speak = useSpeak()
  return (
    <Dialog open fullWidth maxWidth="xs" aria-labelledby="one-time-title">
      <DialogTitle id="one-time-title">{speak('account/oneTime')}</DialogTitle>
      <DialogContent>
        <p>
          <strong>{it.account.name}</strong> <span className="mono">{it.account.username}</span>
        </p>
        <p className="mono password">{it.password}</p>
        <p className="quiet">{speak('account/oneTimeHint', { until: clockTime(it.until, speak.lang) })}</p>
      </DialogContent>
      <Foot close={close} words={speak('common/know')} />
    </Dialog>
  )
}
