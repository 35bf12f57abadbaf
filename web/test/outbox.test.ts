import { beforeEach, describe, expect, it } from 'vitest'
import { ApiError, NetworkError } from '../src/kernel/api'
import { Outbox } from '../src/kernel/outbox/outbox'
import type { Queued, Shelf } from '../src/kernel/outbox/types'
import { FakeTime, settle } from './fakes'

/** A browser's store that several pages share, and that may be full. */
class FakeShelf implements Shelf {
  readonly kept = new Map<string, Queued>()
  full = false

  load = async (owner: string) => [...this.kept.values()].filter((one) => one.owner === owner)
  put = async (item: Queued) => {
    if (!this.full) this.kept.set(item.key, item)
    return !this.full
  }
  remove = async (key: string) => {
    this.kept.delete(key)
  }
}

/** Pages of one browser; the last that claims leads. */
class FakeLead {
  readonly pages: { mine: boolean; changed: () => void }[] = []

  join = (changed: () => void) => {
    const page = { mine: this.pages.length === 0, changed }
    this.pages.push(page)
    if (page.mine) void Promise.resolve().then(changed)
    const claim = () => {
      for (const one of this.pages) one.mine = one === page
    }
    const tell = () => this.pages.filter((one) => one !== page).forEach((one) => one.changed())
    return {
      get mine() {
        return page.mine
      },
      claim,
      tell,
    }
  }
}

const refusal = (status: number, code: string) => new ApiError(status, { type: 'about:blank', title: '', status, code, field: null, params: {} })
const step = (what: string, job = 'J-1') => ({ path: `/jobs/${job}/${what}`, job, what })

let time: FakeTime
let shelf: FakeShelf
let lead: FakeLead
let arrived: string[]
let answer: (item: Queued) => Promise<unknown>
let keys: number

function page(owner = 'A-1'): Outbox {
  const born = time
  const send = async (item: Queued) => {
    const given = await answer(item)
    if (born !== time) return new Promise(() => undefined)
    arrived.push(`${item.key} ${item.what}`)
    return given
  }
  return new Outbox({
    owner, shelf, send, lead: lead.join, now: () => time.now, random: () => 1, after: born.after, newKey: () => `k${(keys += 1)}`,
  }) // prettier-ignore
}

/** The page and its timers are gone, whatever it was doing; what the browser kept is not. */
function reloaded(owner?: string): Outbox {
  const { now } = time
  time = new FakeTime()
  time.now = now
  lead = new FakeLead()
  return page(owner)
}

const offline = () => Promise.reject(new NetworkError('no network'))
const told = () => arrived.map((line) => line.split(' ')[1])

beforeEach(() => {
  time = new FakeTime()
  shelf = new FakeShelf()
  lead = new FakeLead()
  arrived = []
  keys = 0
  answer = async () => ({})
})

describe('outbox', () => {
  it('sends in the order given when the network comes back, each once', async () => {
    answer = offline
    const outbox = page()
    for (const what of ['depart', 'arrive', 'start', 'complete']) await outbox.enqueue(step(what))
    await time.pass(90_000)
    expect(arrived).toEqual([])
    expect(outbox.read().map(({ what }) => what)).toEqual(['depart', 'arrive', 'start', 'complete'])
    answer = async () => ({})
    await time.pass(31_000)
    expect(told()).toEqual(['depart', 'arrive', 'start', 'complete'])
    expect(outbox.read()).toEqual([])
    expect(shelf.kept.size).toBe(0)
  })

  it('keeps the moment of the press, whenever it is sent', async () => {
    answer = offline
    const outbox = page()
    const { at } = await outbox.enqueue({ ...step('arrive'), body: { accuracy_m: 12 } })
    expect(at).toBe(new Date(1_000_000).toISOString())
    await time.pass(600_000)
    expect(outbox.read()[0]?.body).toEqual({ accuracy_m: 12, at })
  })

  it('asks again under the same key until somebody answers', async () => {
    const seen: string[] = []
    answer = async ({ key }) => {
      seen.push(key)
      if (seen.length < 4) throw seen.length % 2 ? refusal(503, 'away') : refusal(409, 'busy')
      return {}
    }
    await page().enqueue(step('depart'))
    await time.pass(60_000)
    expect(seen).toEqual(['k1', 'k1', 'k1', 'k1'])
  })

  it('survives a reload', async () => {
    answer = offline
    await page().enqueue(step('depart'))
    await time.pass(5_000)
    answer = async () => ({})
    const outbox = reloaded()
    await settle()
    expect(told()).toEqual(['depart'])
    expect(outbox.read()).toEqual([])
  })

  it('keeps a refusal with its reason until it is read, and sends what came after', async () => {
    answer = async ({ what }) => (what === 'arrive' ? Promise.reject(refusal(409, 'wrong_state')) : {})
    const outbox = page()
    await outbox.enqueue(step('arrive'))
    await outbox.enqueue(step('start'))
    await settle()
    expect(told()).toEqual(['start'])
    expect(outbox.read().map(({ state, problem }) => [state, problem?.code])).toEqual([['refused', 'wrong_state']])
    expect([...shelf.kept.values()][0]?.state).toBe('refused')
    await outbox.drop('k1')
    expect(shelf.kept.size).toBe(0)
  })

  it('asks a refused one anew under a new key', async () => {
    const seen: string[] = []
    answer = async ({ key }) => {
      seen.push(key)
      if (seen.length === 1) throw refusal(409, 'wrong_state')
      return {}
    }
    const outbox = page()
    await outbox.enqueue(step('arrive'))
    await settle()
    await outbox.again('k1')
    await settle()
    expect(seen).toEqual(['k1', 'k2'])
    expect([outbox.read(), shelf.kept.size]).toEqual([[], 0])
  })

  it('holds on to a command when storage is full, says so, and sends it all the same', async () => {
    shelf.full = true
    answer = offline
    const outbox = page()
    expect((await outbox.enqueue(step('depart'))).stored).toBe(false)
    await settle()
    expect(outbox.read().map(({ stored }) => stored)).toEqual([false])
    answer = async () => ({})
    outbox.nudge()
    await settle()
    expect(told()).toEqual(['depart'])
  })

  it('lets a cry for help pass a slow photo', async () => {
    answer = ({ what }) => (what === 'photo' ? new Promise(() => undefined) : Promise.resolve({}))
    const outbox = page()
    await outbox.enqueue(step('photo'))
    await outbox.enqueue(step('arrive'))
    await outbox.enqueue({ ...step('support'), urgent: true })
    await settle()
    expect(told()).toEqual(['support'])
  })

  it('waits for the next login, and shows nobody else what is there', async () => {
    answer = () => Promise.reject(refusal(401, 'not_logged_in'))
    const outbox = page()
    await outbox.enqueue(step('depart'))
    await time.pass(120_000)
    expect([outbox.loggedOut, outbox.read().length]).toEqual([true, 1])
    answer = async () => ({})
    const other = reloaded('A-2')
    await settle()
    expect([other.read(), told()]).toEqual([[], []])
    reloaded('A-1')
    await settle()
    expect(told()).toEqual(['depart'])
  })

  it('says what came of a command', async () => {
    answer = async () => ({ ver: 7 })
    const outbox = page()
    const done: unknown[] = []
    outbox.onDone((item, given) => done.push([item.what, given]))
    await outbox.enqueue(step('depart'))
    await settle()
    expect(done).toEqual([['depart', { ver: 7 }]])
  })
})

describe('two pages', () => {
  it('send each command once, whichever took it on', async () => {
    const first = page()
    const second = page()
    await second.enqueue(step('depart'))
    await first.enqueue(step('arrive'))
    await time.pass(1_000)
    expect(told()).toEqual(['depart', 'arrive'])
    expect([first.read(), second.read()]).toEqual([[], []])
  })

  it('the one in sight takes over from one that sleeps', async () => {
    answer = () => new Promise(() => undefined)
    const asleep = page()
    await asleep.enqueue(step('depart'))
    await settle()
    answer = async () => ({})
    const second = page()
    await settle()
    expect(told()).toEqual([])
    second.inSight()
    await settle()
    expect(told()).toEqual(['depart'])
  })
})

describe('any mix of networks', () => {
  it.each([1, 2, 3, 5, 8, 13])('loses nothing, doubles nothing and keeps the order (%i)', async (seed) => {
    let state = seed
    const chance = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
    const carried: string[] = []
    answer = async ({ key, what }) => {
      const luck = chance()
      if (luck < 0.3) throw new NetworkError('lost on the way there')
      if (!carried.includes(key)) carried.push(key)
      if (luck < 0.5) throw new NetworkError('lost on the way back')
      return what
    }
    let outbox = page()
    const given: string[] = []
    for (let no = 0; no < 30; no += 1) {
      given.push((await outbox.enqueue(step(`s${no}`))).key)
      await time.pass(chance() * 3_000)
      if (chance() < 0.2) outbox = reloaded()
    }
    for (let hour = 0; hour < 24; hour += 1) await time.pass(3_600_000)
    expect(carried).toEqual(given)
    expect(outbox.read()).toEqual([])
  })
})
