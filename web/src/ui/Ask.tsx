import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import type { FormEvent, ReactNode } from 'react'
import { forgetDrafts } from '../kernel/drafts'
import { useSpeak } from '../kernel/i18n'

/** What is being sent, and what the server said against it. */
export interface Asking {
  busy: string | null
  problem: unknown
}

export interface AskProps {
  title: string
  action: string
  ready: boolean
  danger?: boolean
  command: Asking
  /** Below which what is typed here is kept, until the server has it. */
  draft?: string
  close: () => void
  send: () => Promise<boolean>
  children?: ReactNode
}

/** One question, in words; it stays open until the server has the answer. */
export function Ask({ title, action, ready, danger = false, command, draft, close, send, children }: AskProps) {
  const speak = useSpeak()
  const over = () => {
    if (draft) forgetDrafts(draft)
    close()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && command.busy === null) void send().then((done) => done && over())
  }
  return (
    <Dialog open fullWidth maxWidth="sm" onClose={close} aria-labelledby="ask-title">
      <form onSubmit={submit} noValidate>
        <DialogTitle id="ask-title">{title}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          {children}
          {command.problem !== null && (
            <p className="danger" role="alert">
              {speak.problem(command.problem)}
            </p>
          )}
        </DialogContent>
        <DialogActions>
          <Button color="inherit" onClick={close}>
            {speak('common/cancel')}
          </Button>
          <Button type="submit" variant="contained" color={danger ? 'error' : 'primary'} disabled={!ready || command.busy !== null}>
            {command.busy ? speak('common/sending') : action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
