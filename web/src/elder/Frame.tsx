import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react'
import { unbroken } from './api'
import { choose, useLook } from './look'
import { ReadAloud } from './ReadAloud'
import { hush } from './speak'
import { useWords } from './words'

export type Spot = 'home' | 'family' | 'order' | 'day' | 'help' | 'settings' | 'pair' | 'kin'

/** Where one is, and the number that a person answers; the same on every page. */
export const Way = createContext<{ go: (spot: Spot) => void; hotline: string }>({ go: () => undefined, hotline: '' })

export const useWay = () => useContext(Way)

/** Every page: where one is on top, the page, and at the bottom always help and a person. */
export function Frame({ spot, heading, children }: { spot: Spot; heading: string; children: ReactNode }) {
  const { say } = useWords()
  const { go } = useWay()
  const top = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${heading} · ${say('title')}`
    scrollTo(0, 0)
    if (spot !== 'home') top.current?.focus()
    return hush
  }, [spot, heading, say])
  return (
    <div className="frame" data-spot={spot}>
      <header>
        {spot === 'home' ? <LargeSwitch /> : <button type="button" className="plain" onClick={() => go('home')}><span aria-hidden="true">‹ </span>{say('back')}</button>}
        <h1 ref={top} tabIndex={-1}>{heading}</h1>
        <div className="tools">
          <ReadAloud />
          {spot === 'home' && <button type="button" className="plain" onClick={() => go('settings')}>{say('settings')}</button>}
        </div>
      </header>
      <main id="page">{children}</main>
      <Foot spot={spot} />
    </div>
  )
}

export function LargeSwitch() {
  const { say } = useWords()
  const { large } = useLook()
  return (
    <button type="button" role="switch" aria-checked={large} className="plain switch" onClick={() => choose({ large: !large })}>
      {say('elderMode')} <span aria-hidden="true">{say(large ? 'on' : 'off')}</span>
    </button>
  )
}

function Foot({ spot }: { spot: Spot }) {
  const { say } = useWords()
  const { go } = useWay()
  return (
    <footer>
      <button type="button" className="tile" aria-current={spot === 'help' ? 'page' : undefined} onClick={() => go('help')}>
        {say('help')}
      </button>
      <Hotline />
    </footer>
  )
}

export function Hotline({ main = false }: { main?: boolean }) {
  const { say } = useWords()
  const { hotline } = useWay()
  return (
    <a className={main ? 'primary dial' : 'tile dial'} href={`tel:${hotline}`}>
      {say(main ? 'dial' : 'hotline', { phone: unbroken(hotline) })}
    </a>
  )
}

/** What went wrong in plain words, and the one thing to do about it. */
export function Trouble({ words, action, act }: { words: string; action: string; act: () => void }) {
  return (
    <div className="trouble" role="alert">
      <p>{words}</p>
      <button type="button" className="primary" onClick={act}>{action}</button>
    </div>
  )
}
