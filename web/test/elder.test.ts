import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Caller, COUNT_S, minutesLeft, type Receipt } from '../src/elder/call'
import { forget } from '../src/elder/kept'
import { nextAlarm, pairedAs, phone, signed, unpair } from '../src/elder/phone'
import { en, words, zh } from '../src/elder/words'

const receipt = (rev: number, stage: Receipt['stage'], more: Partial<Receipt> = {}) => ({ rev, stage, ...more })
const answers = (body: unknown, status = 200) => Promise.resolve({ ok: status < 300, status, json: () => Promise.resolve(body) } as Response)

describe('the words', () => {
  it('are there in both languages, with the same places to fill', () => {
    const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([found]) => found).sort()
    expect(Object.keys(en)).toEqual(Object.keys(zh))
    for (const [word, text] of Object.entries(zh)) expect(places(en[word as keyof typeof zh]), word).toEqual(places(text))
  })
  it('fill in what they are given', () => expect(words('zh-CN')('coming', { who: '王护士' })).toBe('王护士正在赶来'))
})

describe('a telephone', () => {
  beforeEach(() => pairedAs('B-00017', 'an example secret', '李建国'))
  afterEach(unpair)

  it('signs as docs/wire/devices.md says', () => {
    const known = phone()
    const { headers, body } = signed(known!, { eid: 'B-00017:1:1', seq: 1, ts: 5 }, 1)
    expect(body).toBe('{"v":1,"eid":"B-00017:1:1","kind":"sos","boot":1,"seq":1,"ts":5,"attempt":1,"path":"page"}')
    expect(headers['X-Yinling-Signature']).toBe('GKq9xRs7FnQtv+bWhClnwg==')
  })
  it('never uses a number twice, even when another tab has called in between', () => {
    const stale = phone()!
    expect(nextAlarm(stale, null, 0).seq).toBe(1)
    expect(nextAlarm(stale, null, 0).seq).toBe(2)
  })
})

describe('a call for help', () => {
  const dial = vi.fn()
  const fetched = vi.fn()
  const made = () => new Caller({ phone, place: () => Promise.resolve(null), dial })
  const passed = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  const begun = async () => {
    const caller = made()
    caller.begin()
    await passed(COUNT_S * 1_000)
    return caller
  }
  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('fetch', fetched)
    dial.mockReset()
    fetched.mockReset()
    forget('yinling.elder.call')
    pairedAs('EP-1', 's', '李建国')
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    unpair()
  })

  it('can be taken back while it is counted down, and nothing is sent', async () => {
    const caller = made()
    caller.begin()
    await passed(COUNT_S * 1_000 - 1)
    caller.cancel()
    await passed(10_000)
    expect(caller.now()).toEqual({ at: 'idle' })
    expect(fetched).not.toHaveBeenCalled()
    expect(dial).not.toHaveBeenCalled()
  })

  it('does not dial when the answer comes in time, and follows it to the end', async () => {
    fetched.mockImplementationOnce(() => answers(receipt(1, 'recorded')))
      .mockImplementationOnce(() => answers(receipt(3, 'accepted', { who: '王护士', eta_s: 420 })))
      .mockImplementationOnce(() => answers(receipt(2, 'seen')))
      .mockImplementation(() => answers(receipt(5, 'closed')))
    const caller = await begun()
    await passed(0)
    expect(caller.now()).toMatchObject({ receipt: { stage: 'recorded' } })
    await passed(3_000)
    expect(caller.now()).toMatchObject({ receipt: { stage: 'accepted', who: '王护士' } })
    await passed(3_000)
    expect(caller.now(), 'an older receipt changes nothing').toMatchObject({ receipt: { rev: 3 } })
    await passed(60_000)
    expect(caller.now()).toMatchObject({ receipt: { stage: 'closed' } })
    expect(fetched).toHaveBeenCalledTimes(4)
    expect(dial).not.toHaveBeenCalled()
  })

  it('dials once after three seconds without an answer, and goes on sending the same alarm', async () => {
    fetched.mockImplementation(() => Promise.reject(new TypeError('offline')))
    const caller = await begun()
    await passed(2_999)
    expect(dial).not.toHaveBeenCalled()
    await passed(1)
    expect(dial).toHaveBeenCalledTimes(1)
    fetched.mockImplementation(() => answers(receipt(1, 'recorded')))
    await passed(20_000)
    expect(caller.now()).toMatchObject({ dialled: true, receipt: { stage: 'recorded' } })
    expect(dial).toHaveBeenCalledTimes(1)
    const eids = fetched.mock.calls.map(([, init]) => (JSON.parse((init as RequestInit).body as string) as { eid: string }).eid)
    expect(new Set(eids).size).toBe(1)
  })

  it('dials at once where the telephone is not known any more, or not paired', async () => {
    fetched.mockImplementation(() => answers({ code: 'bad_signature' }, 401))
    const caller = await begun()
    await passed(0)
    expect(dial).toHaveBeenCalledTimes(1)
    expect(caller.now()).toMatchObject({ refused: true, dialled: true })
    unpair()
    const nobody = await begun()
    expect(dial).toHaveBeenCalledTimes(2)
    expect(nobody.now()).toMatchObject({ refused: true })
  })

  it('stays called for after a reload', async () => {
    fetched.mockImplementation(() => answers(receipt(1, 'recorded')))
    await begun()
    await passed(0)
    const after = made()
    after.resume()
    await passed(0)
    expect(after.now()).toMatchObject({ at: 'calling', receipt: { stage: 'recorded' } })
  })
})

describe('minutes', () => {
  it('count down from when they were heard', () => {
    const heard = receipt(3, 'accepted', { eta_s: 420 })
    expect([minutesLeft(heard, 0, 0), minutesLeft(heard, 0, 61_000), minutesLeft(heard, 0, 900_000)]).toEqual([7, 6, 0])
    expect(minutesLeft(receipt(3, 'accepted'), 0, 0)).toBeNull()
  })
})
