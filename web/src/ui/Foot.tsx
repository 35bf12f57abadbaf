import Button from '@mui/material/Button'
import DialogActions from '@mui/material/DialogActions'
import { useSpeak } from '../kernel/i18n'

interface FootProps {
  close: () => void
  words?: string
  autoFocus?: boolean
}

/** The foot of a dialog that only tells: one button ends it. */
export function Foot({ close, words, autoFocus = false }: FootProps) {
  const speak = useSpeak()
  return (
    <DialogActions>
      <Button variant="contained" autoFocus={autoFocus} onClick={close}>
        {words ?? speak('common/close')}
      </Button>
    </DialogActions>
  )
}
