import Button from '@mui/material/Button'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import { useRef, useState } from 'react'
import type { LoadReport } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Glyph } from '../ui/Marks'
import { Load } from './load/Load'

interface MoreProps {
  report: LoadReport | undefined
  account: string
  role: string
  keys: () => void
}

/** What a watch needs only now and then. */
export function More({ report, account, role, keys }: MoreProps) {
  const speak = useSpeak()
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const [load, setLoad] = useState(false)
  const mine = report?.seats.find((seat) => seat.account === account)
  const close = () => setOpen(false)
  const then = (act: () => void) => () => {
    close()
    act()
  }
  return (
    <>
      <Button ref={button} variant="outlined" color="inherit" startIcon={<Glyph name="more" />} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(true)}>
        {speak('more/open')}
      </Button>
      <Menu anchorEl={button.current} open={open} onClose={close} container={() => button.current?.closest('header') ?? null} slotProps={{ list: { 'aria-label': speak('more/open') } }}>
        <MenuItem component="a" href="/devices" target="yinling-devices" onClick={close}>
          {speak('desk/devices')}
        </MenuItem>
        <MenuItem component="a" href="/board" target="yinling-board" onClick={close}>
          {speak('board/open')}
        </MenuItem>
        {role !== 'desk' && (
          <MenuItem component="a" href="/supervise" target="yinling-supervise" onClick={close}>
            {speak('board/toSupervise')}
          </MenuItem>
        )}
        <MenuItem onClick={then(() => setLoad(true))}>
          {speak('load/open')}
          {mine && <span className="quiet small load-now">{speak('load/openWith', { n: mine.now_10min })}</span>}
        </MenuItem>
        <MenuItem aria-keyshortcuts="?" onClick={then(keys)}>
          {speak('keys/button')} <kbd aria-hidden="true" className="key">?</kbd>
        </MenuItem>
      </Menu>
      {load && <Load close={() => setLoad(false)} />}
    </>
  )
}
