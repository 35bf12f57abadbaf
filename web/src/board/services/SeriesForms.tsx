import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useState } from 'react'
import type { ElderLine, EndSeries, NewSeries, SeriesLine } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { chinaDay, serverClock } from '../../kernel/time'
import { Ask } from '../../ui/Ask'
import { Choices } from '../../ui/Choices'
import { FindElder } from '../../ui/FindElder'
import { useSend, useServices } from '../api'
import { DAYS, type Day, minuteOf, nameOf, ruleOf } from './rules'

function Her({ elder, choose }: { elder: ElderLine | null; choose: (elder: ElderLine | null) => void }) {
  const speak = useSpeak()
  if (!elder) return <FindElder choose={choose} />
  return (
    <p className="chosen">
      <span>
        <strong>{speak('phone/chosen', { name: elder.name_masked })}</strong> {elder.place}
      </span>
      <Button color="inherit" variant="outlined" onClick={() => choose(null)}>
        {speak('phone/change')}
      </Button>
    </p>
  )
}

export function SeriesForm({ close }: { close: () => void }) {
  const speak = useSpeak()
  const order = useSend()
  const { data } = useServices()
  const [elder, setElder] = useState<ElderLine | null>(null)
  const [service, setService] = useState('')
  const [days, setDays] = useState<Day[]>(['MO'])
  const [times, setTimes] = useState({ from: '09:00', to: '11:00' })
  const [first, setFirst] = useState(chinaDay(serverClock.now()))
  const [last, setLast] = useState('')
  const ready = elder !== null && service !== '' && days.length > 0 && times.from !== '' && times.from < times.to && first !== '' && (last === '' || last >= first)
  const send = async () => {
    const body: NewSeries = { elder: elder?.id ?? '', service, rule: ruleOf(days), first_day: first, first_min: minuteOf(times.from), last_min: minuteOf(times.to), until: last || null }
    return (await order.send({ path: '/series', body })) !== null
  }
  const field = (type: 'time' | 'date', label: string, value: string, change: (value: string) => void) => (
    <TextField fullWidth type={type} label={label} value={value} slotProps={{ inputLabel: { shrink: true } }} onChange={(event) => change(event.target.value)} />
  )
  return (
    <Ask title={speak('services/newTitle')} action={speak('common/save')} ready={ready} command={order} close={close} send={send}>
      <Her elder={elder} choose={setElder} />
      <TextField select fullWidth required label={speak('orders/service')} value={service} onChange={(event) => setService(event.target.value)}>
        {(data?.items ?? [])
          .filter((one) => one.offered)
          .map((one) => (
            <MenuItem key={one.code} value={one.code}>
              {nameOf(one, speak)}
            </MenuItem>
          ))}
      </TextField>
      <ToggleButtonGroup fullWidth value={days} aria-label={speak('services/days')} onChange={(_, next: Day[]) => setDays(next)}>
        {DAYS.map((one) => (
          <ToggleButton key={one} value={one}>
            {speak.word('byday', one)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {field('time', speak('services/earliest'), times.from, (from) => setTimes({ ...times, from }))}
      {field('time', speak('services/latest'), times.to, (to) => setTimes({ ...times, to }))}
      {field('date', speak('services/first'), first, setFirst)}
      {field('date', speak('services/last'), last, setLast)}
    </Ask>
  )
}

const NEVER = ['elder_asks', 'family_asks', 'hospital', 'moved', 'died', 'mistake', 'weather', 'other'] as const

export function StopForm({ one, service, close }: { one: SeriesLine; service: string; close: () => void }) {
  const speak = useSpeak()
  const order = useSend()
  const [reason, setReason] = useState<(typeof NEVER)[number] | null>(null)
  const body: EndSeries = { reason: reason ?? 'other' }
  const send = async () => (await order.send({ path: `/series/${one.series}/end`, body })) !== null
  return (
    <Ask danger title={speak('services/stopTitle', { name: one.name_masked, service })} action={speak('services/stop')} ready={reason !== null} command={order} close={close} send={send}>
      <p>{speak('services/stopHint')}</p>
      <Choices label={speak('orders/reason')} value={reason} options={NEVER} words={(reason) => speak.word('orderReason', reason)} choose={setReason} />
    </Ask>
  )
}
