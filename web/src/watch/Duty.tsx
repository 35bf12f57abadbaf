import Button from '@mui/material/Button'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Account, DutyBoard, PostLine } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { bell } from '../kernel/ring/bell'
import { hourMinute, serverClock, useSecond } from '../kernel/time'
import { Notice, useSound } from '../ui/Banners'
import { asksNow, useDuty, useMode, useWatch } from './api'

function Confirm({ board }: { board: DutyBoard }) {
  const speak = useSpeak()
  const order = useWatch()
  useSecond()
  const asked = board.mine !== null && asksNow(board.mine.until, serverClock.now())
  useEffect(() => {
    if (asked) bell.test()
  }, [asked])
  if (!asked || !board.mine) return null
  const action = (
    <Button variant="contained" color="inherit" sx={{ color: 'var(--ink)', bgcolor: 'var(--sheet)' }} disabled={order.busy !== null} onClick={() => void order.send({ path: '/seats/confirm' })}>
      {speak('seat/yes')}
    </Button>
  )
  return (
    <Notice tone="alert" title={speak('seat/ask')} action={action}>
      {order.problem === null ? speak('seat/askBody', { time: hourMinute(board.mine.until, speak.lang) }) : speak.problem(order.problem)}
    </Notice>
  )
}

/** A seat that has been started here is on duty; whoever only looks is not. */
function useEnters(board: DutyBoard | undefined): void {
  const sound = useSound()
  const { send, busy, problem } = useWatch()
  const absent = board !== undefined && board.mine === null
  useEffect(() => {
    if (absent && sound === 'running' && busy === null && problem === null) void send({ path: '/seats/confirm' })
  }, [absent, sound, busy, problem, send])
}

const nameOf = ({ name, division }: PostLine): string => name ?? division

function War({ division }: { division: string }) {
  const speak = useSpeak()
  const { data: mode } = useMode(division)
  if (!mode?.war) return null
  const by = mode.changes.find(({ war, division: code }) => war && code === mode.by_division)
  return (
    <Notice tone="warn" title={speak('mode/banner', { reason: by?.reason ?? '' })}>
      {by?.until && speak('mode/ends', { time: hourMinute(by.until, speak.lang) })}
    </Notice>
  )
}

const RINGS = new Set(['duty.ask', 'duty.uncovered', 'mode.changed', 'load.flood'])

interface News {
  id: string
  type: string
}

/** A letter about seats or modes has everything read again, and rings once where somebody must look. */
function useNews(news: News | null): void {
  const queries = useQueryClient()
  const known = useRef(news?.id)
  useEffect(() => {
    if (!news || news.id === known.current) return
    known.current = news.id
    void queries.invalidateQueries({ queryKey: ['watch'] })
    if (RINGS.has(news.type)) bell.test()
  }, [news, queries])
}

/** Whether this seat is still there, what it has taken over, and whether its division is at war. */
export function Duty({ account, news }: { account: Account; news: News | null }) {
  const speak = useSpeak()
  useNews(news)
  const { data: board } = useDuty()
  useEnters(board)
  const covered = board?.posts.filter(({ covered_by, division }) => covered_by === account.division && division !== account.division) ?? []
  return (
    <>
      {board && <Confirm board={board} />}
      {covered.length > 0 && <Notice tone="warn" title={speak('seat/cover', { area: covered.map(nameOf).join(speak.lang === 'en' ? ', ' : '、') })} />}
      <War division={account.division} />
    </>
  )
}
