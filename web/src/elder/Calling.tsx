import { useEffect, useRef, useState } from 'react'
import { wakeLock } from '../kernel/wake'
import { useComers } from './api'
import { type Call, type Caller, COUNT_S, minutesLeft, reached, type Receipt, STAGES, type Stage } from './call'
import { Faces } from './Faces'
import { Hotline } from './Frame'
import { useLook } from './look'
import { speak } from './speak'
import { type Lang, type Say, useWords } from './words'

type Calling = Extract<Call, { at: 'calling' }>

/** The whole screen while a call for help is counted down, sent and answered. */
export function CallPage({ call, caller }: { call: Exclude<Call, { at: 'idle' }>; caller: Caller }) {
  useEffect(() => {
    void wakeLock.hold()
    return () => void wakeLock.release()
  }, [])
  return call.at === 'counting' ? <Counting left={call.left} cancel={caller.cancel} /> : <Progress call={call} caller={caller} />
}

const SETTLED_MS = 700

function Counting({ left, cancel }: { left: number; cancel: () => void }) {
  const { say, lang } = useWords()
  const since = useRef(Date.now())
  const top = useRef<HTMLHeadingElement>(null)
  useEffect(() => top.current?.focus(), [])
  // A third hasty tap belongs to the call, not to what has just come under the finger.
  const tap = () => {
    if (Date.now() - since.current > SETTLED_MS) cancel()
  }
  useSpoken(left === COUNT_S ? say('countIn', { n: left }) : String(left), lang)
  return (
    <main id="page" className="calling counting">
      <h1 ref={top} tabIndex={-1}>{say('counting')}</h1>
      <p className="number" role="timer" aria-label={say('countIn', { n: left })}>{left}</p>
      <button type="button" className="primary wide" onClick={tap}>{say('cancel')}</button>
    </main>
  )
}

function Progress({ call, caller }: { call: Calling; caller: Caller }) {
  const { say, lang } = useWords()
  const now = useNow()
  const told = news(call, now, say)
  useSpoken(spoken(call, told, lang), lang)
  const over = call.receipt?.stage === 'closed'
  const comers = useComers(reached(call.receipt, 'accepted') ? String(call.receipt?.rev) : '')
  return (
    <main id="page" className="calling">
      <h1>{say(over ? 'closed' : call.receipt ? 'recorded' : 'sending')}</h1>
      <p className="told" role="status">{told}</p>
      {call.dialled && !call.receipt && <p>{say('noAnswerHint')}</p>}
      {!call.receipt && call.tries > 1 && <p className="quiet">{say('sendingAgain', { n: call.tries })}</p>}
      {!over && <Faces these={comers.filter(({ order }) => order === null)} />}
      <Steps receipt={call.receipt} />
      <div className="acts">
        {!over && <Hotline main />}
        {!over && call.receipt && <button type="button" className="second" onClick={caller.again}>{say('callAgain')}</button>}
        {(over || call.refused) && <button type="button" className="second" onClick={caller.end}>{say('home')}</button>}
      </div>
      <p className="quiet">{say('timeAt', { time: clock(call.since, lang) })}</p>
    </main>
  )
}

function Steps({ receipt }: { receipt: Receipt | null }) {
  const { say } = useWords()
  return (
    <ol className="stages" aria-label={say('progress')}>
      {STAGES.slice(0, -1).map((stage) => (
        <li key={stage} data-done={reached(receipt, stage)}>
          <span className="dot" aria-hidden="true">{reached(receipt, stage) ? '✓' : ''}</span>
          {stepWords(stage, receipt, say)}
        </li>
      ))}
    </ol>
  )
}

function stepWords(stage: Stage, receipt: Receipt | null, say: Say): string {
  if (stage !== 'accepted' || !receipt?.who || !reached(receipt, 'accepted')) return say(stage)
  return say(reached(receipt, 'arrived') ? 'came' : 'coming', { who: receipt.who })
}

/** One sentence: how far help is. */
function news(call: Calling, now: number, say: Say): string {
  const { receipt } = call
  if (!receipt) return say(call.refused ? 'refused' : call.dialled ? 'noAnswer' : 'waiting')
  if (receipt.stage !== 'accepted') return say(receipt.stage === 'recorded' ? 'waiting' : receipt.stage)
  const left = minutesLeft(receipt, call.heardAt, now)
  const who = receipt.who ? say('coming', { who: receipt.who }) : say('accepted')
  return left === null ? who : `${who}${separator(who)}${left === 0 ? say('soon') : say('minutes', { n: left })}`
}

const separator = (text: string): string => (/[\u4e00-\u9fff]/.test(text) ? '，' : ', ')

/** Aloud: the platform's own sentence in Chinese, else what stands on the screen, and first of all that it is recorded. */
function spoken(call: Calling, told: string, lang: Lang): string {
  if (call.receipt?.say && lang === 'zh-CN') return call.receipt.say
  return call.receipt?.stage === 'recorded' && lang === 'zh-CN' ? `已收到您的呼救。${told}` : told
}

function useSpoken(text: string, lang: Lang): void {
  const { voice } = useLook()
  const last = useRef('')
  useEffect(() => {
    if (!voice || text === last.current) return
    last.current = text
    speak(text, lang)
  }, [text, lang, voice])
}

function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000)
    return () => clearInterval(timer)
  }, [])
  return now
}

const clock = (at: number, lang: Lang): string => new Intl.DateTimeFormat(lang, { timeStyle: 'medium' }).format(at)
