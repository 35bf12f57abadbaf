import Button from '@mui/material/Button'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Account, DeviceLine, DeviceView } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { elapsed } from '../kernel/time'
import { type Order, useDevice, useOrder } from '../things/api'
import { Ago, Battery, Day, Signal, StandingMark } from '../things/Marks'
import { isInstalled } from '../things/state'
import { Notice } from '../ui/Banners'
import { Glyph, Tag } from '../ui/Marks'
import { useLeft } from '../ui/Times'
import { DeviceActions } from './DeviceActions'
import { Bindings, Placements } from './History'
import { Raw } from './Raw'
import { Test, Windows } from './Test'

function ClaimOpen({ until }: { until: string }) {
  const speak = useSpeak()
  const left = useLeft(until)
  return left > 0 ? <Tag tone="drill">{speak('device/claimOpen', { time: elapsed(left * 1000) })}</Tag> : null
}

function Head({ view }: { view: DeviceView }) {
  const speak = useSpeak()
  const device = view
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [device.id])
  return (
    <header className="head">
      <div className="title">
        <h1 ref={heading} tabIndex={-1}>
          {device.id}
        </h1>
        <StandingMark device={device} size={22} />
      </div>
      <p className="place">
        {isInstalled(device) ? (
          <>
            <strong>{device.elder_name_masked || speak('device/wholeHome')}</strong> {device.place}
          </>
        ) : (
          <span className="quiet">{speak('things/unnamed')}</span>
        )}
      </p>
      <p className="facts">
        <span>{speak.word('deviceKind', device.kind)}</span>
        <span>{device.model}</span>
        <span>{speak.word('deviceCls', device.cls)}</span>
        {device.revoked_why && <span>{device.revoked_why}</span>}
        {device.unconfirmed && <Tag tone="warn">{speak('things/unconfirmed')}</Tag>}
        {view.claim_open && <ClaimOpen until={view.claim_open.until} />}
      </p>
    </header>
  )
}

function Pairs({ lines }: { lines: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="pairs">
      {lines
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

function Now({ device }: { device: DeviceLine }) {
  const speak = useSpeak()
  const mains = device.mains === null ? null : device.mains ? speak('things/mains') : <Tag tone="warn">{speak('things/mainsLost')}</Tag>
  const still = device.kind === 'hub' || device.kind === 'sms'
  const power = device.batt === null && mains === null ? null : [<Battery key="batt" device={device} />, ' ', mains]
  return (
    <section aria-labelledby="d-now">
      <h2 id="d-now">{speak('device/now')}</h2>
      <Pairs
        lines={[
          [speak('device/lastSeen'), device.seen_at ? <Ago at={device.seen_at} /> : speak('things/neverSeen')],
          [speak('device/power'), power],
          [speak('device/radio'), device.rssi === null ? null : [<Signal key="word" rssi={device.rssi} />, ` ${Math.round(device.rssi)} dBm`]],
          [speak('things/pressed'), still ? null : device.pressed_at ? <Ago at={device.pressed_at} /> : speak('things/never')],
          [speak('things/tested'), still ? null : device.tested_at ? <Ago at={device.tested_at} /> : speak('things/never')],
          [speak('device/firmware'), device.fw],
          [speak('device/added'), <Day key="added" at={device.added_at} />],
        ]}
      />
    </section>
  )
}

function FaultLines({ view }: { view: DeviceView }) {
  const speak = useSpeak()
  const open = view.fault_history.filter(({ ended_at }) => ended_at === null)
  if (open.length === 0) return null
  return (
    <section aria-labelledby="d-faults">
      <h2 id="d-faults">{speak('device/faults')}</h2>
      <ul className="lines">
        {open.map((fault) => (
          <li key={`${fault.kind} ${fault.opened_at}`}>
            <Tag tone="warn">{speak.word('fault', fault.kind)}</Tag>
            <span>
              <Ago at={fault.opened_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function DenialLines({ view }: { view: DeviceView }) {
  const speak = useSpeak()
  if (view.denials.length === 0) return null
  return (
    <section aria-labelledby="d-denials">
      <h2 id="d-denials">{speak('device/denials')}</h2>
      <ul className="lines">
        {view.denials.map((one) => (
          <li key={one.why}>
            <span>{speak.word('denialWhy', one.why)}</span>
            <span className="quiet">{speak('device/denialLine', { n: one.count, time: '' })}</span>
            <Ago at={one.last_at} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Body({ view, account, order }: { view: DeviceView; account: Account; order: Order }) {
  return (
    <div className="columns">
      <div>
        <Test view={view} />
        <Now device={view} />
        <FaultLines view={view} />
        <Placements view={view} />
        <Bindings view={view} order={order} />
        <Windows view={view} />
        <DenialLines view={view} />
      </div>
      <div>{account.role === 'installer' ? null : <Raw device={view.id} />}</div>
    </div>
  )
}

export function Device({ id, account, back }: { id: string; account: Account; back: () => void }) {
  const speak = useSpeak()
  const { data: view, error, refetch } = useDevice(id)
  const order = useOrder()
  return (
    <article className="sheet" aria-label={id}>
      <Button className="back" color="inherit" startIcon={<Glyph name="back" />} onClick={back}>
        {speak('things/toList')}
      </Button>
      {error !== null && (
        <Notice
          tone="warn"
          title={speak('things/loadFailed')}
          action={
            <Button variant="outlined" color="inherit" onClick={() => void refetch()}>
              {speak('common/retry')}
            </Button>
          }
        >
          {speak.problem(error)}
        </Notice>
      )}
      {!view && error === null && <p className="quiet body">{speak('common/loading')}</p>}
      {view && (
        <>
          <Head view={view} />
          <DeviceActions view={view} account={account} order={order} />
          <Body view={view} account={account} order={order} />
        </>
      )}
    </article>
  )
}
