import { type ReactNode, useEffect, useRef } from 'react'
import { unbroken, useHotline } from '../api'
import { hush } from '../speak'
import { type Asked, why } from './api'
import { ReadAloud } from '../ReadAloud'
import { TextSize } from './Tools'
import { useSay } from './words'

export const go = (spot: string): void => {
  location.hash = spot === '' ? '/' : `/${spot}`
}

/** Every page: where one is on top, the page, and at the bottom always help and a person. */
export function Frame({ heading, home = false, children }: { heading: string; home?: boolean; children: ReactNode }) {
  const { say } = useSay()
  const top = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${heading} · ${say('title')}`
    if (!home) top.current?.focus()
    return hush
  }, [heading, home, say])
  return (
    <div className="frame">
      <header>
        {home ? <TextSize /> : <button type="button" className="plain" onClick={() => go('')}>‹ {say('home')}</button>}
        <h1 ref={top} tabIndex={-1}>{heading}</h1>
        <ReadAloud />
      </header>
      <main id="page">{children}</main>
      <Foot />
    </div>
  )
}

function Foot() {
  const { say } = useSay()
  return (
    <footer>
      <button type="button" className="tile" onClick={() => go('help')}>{say('help')}</button>
      <Desk />
    </footer>
  )
}

function Desk() {
  const { say } = useSay()
  const phone = useHotline().data?.hotline ?? '120'
  return <a className="tile dial" href={`tel:${phone}`}>{say('callDesk', { phone: unbroken(phone) })}</a>
}

/** What was asked for, or in plain words why it is not there. */
export function Shown<T>({ asked, children }: { asked: Asked<T>; children: (data: T) => ReactNode }) {
  const { say, lang } = useSay()
  if (asked.data === null) {
    if (asked.state === 'loading') return <p role="status">{say('loading')}</p>
    return <Trouble words={say(asked.state === 'gone' ? 'gone' : 'away')} act={asked.state === 'gone' ? () => go('') : asked.again} action={say(asked.state === 'gone' ? 'home' : 'again')} />
  }
  const time = new Intl.DateTimeFormat(lang, { timeStyle: 'medium' }).format(asked.at)
  return (
    <>
      {asked.state === 'away' && <p className="band" role="status">{say('stale', { time })}</p>}
      {children(asked.data)}
    </>
  )
}

export function Trouble({ words, action, act }: { words: string; action: string; act: () => void }) {
  return (
    <div className="trouble" role="alert">
      <p>{words}</p>
      <button type="button" className="primary" onClick={act}>{action}</button>
    </div>
  )
}

export function Fault({ error }: { error: unknown }) {
  const { say } = useSay()
  return error ? <p className="fault" role="alert">{why(error, say)}</p> : null
}

/** A question before something that cannot be undone. */
export function Sure({ ask, no, yes, back, act }: { ask: string; no: string; yes: string; back: () => void; act: () => void }) {
  return (
    <div className="trouble" role="alert">
      <p>{ask}</p>
      <button type="button" className="primary" onClick={back}>{no}</button>
      <button type="button" className="second" onClick={act}>{yes}</button>
    </div>
  )
}
