import { useState } from 'react'
import { prefer } from '../kernel/preferences'
import { Frame, LargeSwitch, useWay } from './Frame'
import { choose, type Look, STEPS, useLook } from './look'
import { allowPlace } from './place'
import { canSpeak, speak } from './speak'
import { useWords, type Word } from './words'

export function Settings({ leave }: { leave: () => void }) {
  const { say, lang } = useWords()
  const { step } = useLook()
  const { go } = useWay()
  const [refused, setRefused] = useState(false)
  const withPlace = async (on: boolean) => {
    const allowed = !on || (await allowPlace())
    setRefused(!allowed)
    choose({ place: on && allowed })
  }
  return (
    <Frame spot="settings" heading={say('settings')}>
      <LargeSwitch />
      <fieldset className="steps">
        <legend>{say('size')}</legend>
        {STEPS.map((one) => (
          <button key={one} type="button" aria-pressed={one === step} onClick={() => choose({ step: one, large: true })} style={{ fontSize: `${one}px` }}>
            {say(`size${one}`)}
          </button>
        ))}
      </fieldset>
      <Toggle word="contrast" name="contrast" />
      {canSpeak && <Toggle word="voice" name="voice" />}
      <Toggle word="place" name="place" set={(on) => void withPlace(on)} />
      {refused && <p role="alert">{say('placeRefused')}</p>}
      {canSpeak && <button type="button" className="second" onClick={() => speak(say('testSaid'), lang)}>{say('test')}</button>}
      <button type="button" className="second" lang={lang === 'en' ? 'zh-CN' : 'en'} onClick={() => prefer({ lang: lang === 'en' ? 'zh-CN' : 'en' })}>
        {say('other')}
      </button>
      <button type="button" className="second" onClick={() => go('kin')}>{say('kin')}</button>
      <Forget leave={leave} />
    </Frame>
  )
}

type Switch = { [K in keyof Look]: Look[K] extends boolean ? K : never }[keyof Look]

function Toggle({ word, name, set }: { word: Word; name: Switch; set?: (on: boolean) => void }) {
  const { say } = useWords()
  const on = useLook()[name]
  const change = set ?? ((next: boolean) => choose({ [name]: next }))
  return (
    <button type="button" role="switch" aria-checked={on} className="second row" onClick={() => change(!on)}>
      <span>{say(word)}</span> <span aria-hidden="true">{say(on ? 'on' : 'off')}</span>
    </button>
  )
}

function Forget({ leave }: { leave: () => void }) {
  const { say } = useWords()
  const [sure, setSure] = useState(false)
  if (!sure) return <button type="button" className="second" onClick={() => setSure(true)}>{say('forget')}</button>
  return (
    <div className="trouble" role="alert">
      <p>{say('forgetSure')}</p>
      <button type="button" className="primary" onClick={() => setSure(false)}>{say('forgetNo')}</button>
      <button type="button" className="second" onClick={leave}>{say('forgetYes')}</button>
    </div>
  )
}
