import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { useSpeak } from '../kernel/i18n'
import { useSettled } from '../kernel/settled'
import { useDevices } from '../things/api'
import { Ago, Battery, Faults, Signal, StandingMark } from '../things/Marks'
import type { DeviceLine } from '../generated/http'
import { isInstalled } from '../things/state'
import { Tag } from '../ui/Marks'
import { useSteps } from '../ui/steps'

const FILTERS = ['all', 'offline', 'low_batt', 'untested', 'unconfirmed', 'unplaced', 'revoked'] as const
type Filter = (typeof FILTERS)[number]
const TYPING_MS = 250

function Filters({ filter, choose }: { filter: Filter; choose: (filter: Filter) => void }) {
  const speak = useSpeak()
  return (
    <div className="filters" role="group" aria-label={speak('things/filters')}>
      {FILTERS.map((one) => (
        <button key={one} type="button" aria-pressed={one === filter} onClick={() => choose(one)}>
          {speak.word('filter', one)}
        </button>
      ))}
    </div>
  )
}

function Used({ device }: { device: DeviceLine }) {
  const speak = useSpeak()
  if (device.kind === 'hub' || device.kind === 'sms') return null
  const presses = device.pressed_at ? (
    <span>
      {speak('things/pressed')} <Ago at={device.pressed_at} />
    </span>
  ) : null
  const test = device.tested_at ? (
    <span>
      {speak('things/tested')} <Ago at={device.tested_at} />
    </span>
  ) : (
    <span>{speak('things/untestedShort')}</span>
  )
  return (
    <>
      {presses}
      {test}
    </>
  )
}

function Row({ device, selected, choose }: { device: DeviceLine; selected: boolean; choose: (id: string) => void }) {
  const speak = useSpeak()
  return (
    <li className="row" data-selected={selected}>
      <button type="button" className="open" data-row={device.id} aria-current={selected ? 'true' : undefined} onClick={() => choose(device.id)}>
        <span className="line">
          <strong className="kind">{device.id}</strong>
          <span className="quiet">{speak.word('deviceKind', device.kind)}</span>
          <span className="end">
            <StandingMark device={device} />
          </span>
        </span>
        <span className="line place">
          {device.elder_name_masked && <strong>{device.elder_name_masked} </strong>}
          {isInstalled(device) ? device.place : device.kind !== 'sms' && <span className="quiet">{speak('things/unnamed')}</span>}
        </span>
        <span className="line small">
          <Battery device={device} />
          <Signal rssi={device.rssi} />
          <Used device={device} />
          <Faults device={device} />
          {device.unconfirmed && <Tag tone="warn">{speak('things/unconfirmed')}</Tag>}
          {device.test_until && <Tag tone="drill">{speak('things/testing')}</Tag>}
        </span>
      </button>
    </li>
  )
}

export function List({ selected, choose }: { selected: string | null; choose: (id: string) => void }) {
  const speak = useSpeak()
  const [text, setText] = useState('')
  const [filter, setFilter] = useState<Filter>('all')
  const { items, error, isPending, hasNextPage, fetchNextPage } = useDevices(filter, useSettled(text.trim(), TYPING_MS))
  const { list, onKeyDown } = useSteps()
  return (
    <>
      <div className="finding">
        <TextField fullWidth type="search" label={speak('things/search')} value={text} onChange={(event) => setText(event.target.value)} />
        <Filters filter={filter} choose={setFilter} />
      </div>
      <nav className="queue" ref={list} onKeyDown={onKeyDown} aria-label={speak('things/list')}>
        {isPending && <p className="quiet empty">{speak('common/loading')}</p>}
        {error !== null && <p className="danger">{speak.problem(error)}</p>}
        {!isPending && error === null && items.length === 0 && <p className="quiet empty">{speak('things/none')}</p>}
        <ul>
          {items.map((device) => (
            <Row key={device.id} device={device} selected={device.id === selected} choose={choose} />
          ))}
        </ul>
        {hasNextPage && (
          <Button fullWidth color="inherit" onClick={() => void fetchNextPage()}>
            {speak('common/more')}
          </Button>
        )}
      </nav>
    </>
  )
}
