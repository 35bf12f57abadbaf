import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { copy } from '../kernel/clipboard'
import { useSpeak } from '../kernel/i18n'

/** Recovery codes, shown once: only its own button closes them. */
export function Codes({ codes, close }: { codes: readonly string[]; close: () => void }) {
  const speak = useSpeak()
  return (
    <Dialog open fullWidth maxWidth="sm" aria-labelledby="codes-title">
      <DialogTitle id="codes-title">{speak('account/codesTitle')}</DialogTitle>
      <DialogContent>
        <p>{speak('account/codesHint')}</p>
        <ol className="codes">
          {codes.map((code) => (
            <li key={code} className="mono">
              {code}
            </li>
          ))}
        </ol>
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={() => void copy(codes.join('\n'))}>
          {speak('common/copy')}
        </Button>
        <Button variant="contained" onClick={close}>
          {speak('common/know')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
