import Button from '@mui/material/Button'
import { useEffect, useState } from 'react'
import type { Account, DeskLoad, LoadReport, SeatLoad } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { bell } from '../../kernel/ring/bell'
import { clockTime } from '../../kernel/time'
import { Notice } from '../../ui/Banners'

const AGAIN_MS = 15_000

function FloodNotice({ desk }: { desk: DeskLoad }) {
  const speak = useSpeak()
  return (
    <Notice tone="alert" title={speak('flood/title', { area: desk.name ?? desk.division, n: desk.now_10min })}>
      {speak('flood/body')}
    </Notice>
  )
}

interface SilentProps {
  seat: SeatLoad
  area: string
}

/** Rings in place of the seat that cannot, until somebody here says that she knows, or it can again. */
function Silent({ seat, area }: SilentProps) {
  const speak = useSpeak()
  const [noted, setNoted] = useState(false)
  useEffect(() => {
    if (noted) return
    bell.test()
    const timer = setInterval(() => bell.test(), AGAIN_MS)
    return () => clearInterval(timer)
  }, [noted])
  const action = !noted && (
    <Button variant="contained" color="inherit" sx={{ color: 'var(--ink)', bgcolor: 'var(--sheet)' }} onClick={() => setNoted(true)}>
      {speak('silent/noted')}
    </Button>
  )
  const time = seat.silent_since ? clockTime(seat.silent_since, speak.lang) : ''
  return (
    <Notice tone={noted ? 'warn' : 'alert'} title={speak('silent/title', { who: seat.name })} action={action}>
      {speak('silent/body', { area, time })}
    </Notice>
  )
}

/** A flood at a desk in sight, and seats that cannot be heard: each is an alarm of its own. */
export function LoadBanners({ report, account }: { report: LoadReport | undefined; account: Account }) {
  if (!report) return null
  const areas = new Map(report.desks.map(({ division, name }) => [division, name ?? division]))
  const silent = report.seats.filter(({ sound, account: id }) => sound === 'silent' && id !== account.id)
  return (
    <>
      {report.desks.map((desk) => desk.flood_since && <FloodNotice key={desk.division} desk={desk} />)}
      {silent.map((seat) => (
        <Silent key={seat.account} seat={seat} area={areas.get(seat.division) ?? seat.division} />
      ))}
    </>
  )
}
