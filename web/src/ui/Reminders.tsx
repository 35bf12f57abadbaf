import Button from '@mui/material/Button'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useSpeak } from '../kernel/i18n'
import type { Live } from '../kernel/live'
import { bell } from '../kernel/ring/bell'
import { type Reminded, reminderRead } from '../kernel/state/reminders'
import { Notice } from './Banners'

interface Props<S> {
  live: Live<S>
  open?: (incident: string) => void
}

/** A supervisor asks that something be moved on (催办). A new one strikes once. */
export function Reminders<S extends Reminded>({ live, open }: Props<S>) {
  const speak = useSpeak()
  const states = useSyncExternalStore(live.store.subscribe, live.store.read)
  const reminders = [...states.values()].flatMap(({ state }) => state.reminders ?? [])
  const last = reminders.at(-1)?.id
  const known = useRef(last)
  useEffect(() => {
    if (last === known.current) return
    known.current = last
    if (last !== undefined) bell.test()
  }, [last])
  return reminders.map(({ id, d }) => {
    const answer = () => {
      live.store.everywhere((state) => reminderRead(state, id))
      open?.(d.incident)
    }
    const action = (
      <Button variant="contained" color="inherit" sx={{ color: 'var(--ink)', bgcolor: 'var(--sheet)' }} onClick={answer}>
        {speak(open ? 'reminder/open' : 'reminder/read')}
      </Button>
    )
    return (
      <Notice key={id} tone="alert" title={speak('reminder/title', { by: d.by, incident: d.incident })} action={action}>
        {[d.stage === 'none' ? '' : speak.word('lateStep', d.stage), d.text].filter(Boolean).join(' · ')}
      </Notice>
    )
  })
}
