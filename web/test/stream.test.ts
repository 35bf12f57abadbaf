import { describe, expect, it } from 'vitest'
import { closeRule, olderBuild, retryDelay } from '../src/kernel/stream/backoff'
import { NotLoggedIn } from '../src/kernel/stream/types'
import { ev, INBOX, live, settle, snap, world } from './fakes'

describe('resuming', () => {
  it('says hello with ticket and position as the first frame', async () => {
    const { client, latest } = world({ epoch: 'e1', seq: 7 })
    client.start()
    await settle()
    latest().onopen?.()
    expect(latest().sent[0]).toMatchObject({ t: 'hello', token: 't', inboxes: [{ id: INBOX, epoch: 'e1', seq: 7 }] })
  })

  it('draws a replay in order and is live only after `live`', async () => {
    const { client, latest, welcome, told, drawn } = world({ epoch: 'e1', seq: 7 })
    client.start()
    await settle()
    welcome('replay', 9)
    latest().say(ev(8))
    latest().say(ev(9))
    expect(told.links).toEqual(['syncing'])
    latest().say({ t: 'live', i: INBOX, seq: 9 })
    expect(told.links).toEqual(['syncing', 'live'])
    expect(drawn()).toEqual([8, 9])
  })

  it('holds events that overtake a snapshot and joins its parts', async () => {
    const { client, latest, welcome, told } = world()
    client.start()
    await settle()
    welcome('snapshot', 5)
    latest().say(ev(6))
    latest().say(snap(5, { incidents: [1], duty: { on: true } }, 1, 2))
    expect(told.changes).toHaveLength(0)
    latest().say(snap(5, { incidents: [2] }, 2, 2))
    const [{ change }] = told.changes as [(typeof told.changes)[0]]
    expect(change).toMatchObject({ kind: 'snapshot', d: { incidents: [1, 2], duty: { on: true } } })
    expect(change.events.map(({ seq }) => seq)).toEqual([6])
  })

  it('resumes an inbox that is still at zero', async () => {
    const { client, latest, welcome, told, drawn } = world({ epoch: 'e1', seq: 0 })
    client.start()
    await settle()
    welcome('replay', 0)
    latest().say({ t: 'live', i: INBOX, seq: 0 })
    latest().say(ev(1))
    expect(told.links).toContain('live')
    expect(drawn()).toEqual([1])
  })
})

describe('order', () => {
  it('drops what was drawn and folds duplicates', async () => {
    const { latest, drawn } = await live()
    for (const seq of [11, 11, 10, 12, 11]) latest().say(ev(seq))
    expect(drawn()).toEqual([11, 12])
  })

  it('holds over a gap, asks once, and draws whole', async () => {
    const { latest, drawn, time } = await live()
    latest().say(ev(13))
    latest().say(ev(14))
    expect(drawn()).toEqual([])
    expect(latest().of('sync')).toEqual([{ t: 'sync', i: INBOX, after: 10 }])
    await time.pass(3_100)
    expect(latest().of('sync')).toHaveLength(2)
    latest().say(ev(11))
    latest().say(ev(12))
    expect(drawn()).toEqual([11, 12, 13, 14])
  })

  it('asks when `live` is ahead of what arrived', async () => {
    const { latest, told } = await live()
    told.links.length = 0
    latest().say({ t: 'live', i: INBOX, seq: 12 })
    expect(latest().of('sync')).toEqual([{ t: 'sync', i: INBOX, after: 10 }])
  })

  it('starts over from a snapshot of a new epoch', async () => {
    const { latest, told } = await live()
    latest().say(snap(3, { jobs: [] }, 1, 1, 'e2'))
    latest().say(ev(4))
    expect(told.changes.map(({ seq }) => seq)).toEqual([10, 3, 4])
  })

  it('draws the same whatever is lost, doubled or reordered', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const { latest, drawn } = await live(0)
      const random = lcg(seed)
      const sent = Array.from({ length: 30 }, (_, k) => k + 1)
      const noisy = sent.flatMap((seq) => (random() < 0.2 ? [] : random() < 0.3 ? [seq, seq] : [seq])).sort(() => random() - 0.5)
      for (const seq of noisy) latest().say(ev(seq))
      for (const { after } of latest().of('sync')) for (const seq of sent.slice(after)) latest().say(ev(seq))
      for (const seq of sent) latest().say(ev(seq))
      expect(drawn()).toEqual(sent)
    }
  })
})

function lcg(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

describe('acknowledging', () => {
  it('acknowledges every 20 events or each second', async () => {
    const { latest, time } = await live(0)
    await time.pass(1_100)
    const before = latest().of('ack').length
    for (let seq = 1; seq <= 20; seq += 1) latest().say(ev(seq))
    expect(latest().of('ack')).toHaveLength(before + 1)
    latest().say(ev(21))
    await time.pass(1_100)
    expect(latest().of('ack').at(-1)).toEqual({ t: 'ack', i: INBOX, seq: 21 })
  })

  it('batches `seen` for 50 ms, once per way of ringing', async () => {
    const { client, latest, time } = await live()
    client.seen({ inbox: INBOX, id: 'a', ring: 'ok' })
    client.seen({ inbox: INBOX, id: 'b', ring: 'ok' })
    client.seen({ inbox: INBOX, id: 'a', ring: 'ok' })
    client.seen({ inbox: INBOX, id: 'c', ring: 'blocked' })
    await time.pass(60)
    expect(latest().of('seen').map(({ ids, ring }) => [ids, ring])).toEqual([[['a', 'b'], 'ok'], [['c'], 'blocked']])
  })

  it('keeps `seen` while the line is down and sends it after the next welcome', async () => {
    const { client, latest, time, welcome, sockets } = await live()
    latest().onclose?.({ code: 1006 })
    client.seen({ inbox: INBOX, id: 'a', ring: 'ok' })
    await time.pass(600)
    expect(sockets).toHaveLength(2)
    welcome('replay', 10)
    expect(latest().of('seen')).toMatchObject([{ ids: ['a'], ring: 'ok' }])
  })

  it('answers pings with whether it can ring, and tells at once when that changes', async () => {
    const { client, latest, net } = await live()
    net.audio = 'suspended'
    latest().say({ t: 'ping', n: 41, now: new Date().toISOString() })
    expect(latest().of('pong').at(-1)).toMatchObject({ n: 41, vis: 'visible', audio: 'suspended' })
    net.audio = 'running'
    client.report()
    expect(latest().of('pong').at(-1)).toMatchObject({ n: 41, audio: 'running' })
  })
})

describe('reconnecting', () => {
  it('never stops, within 15 s each, and ignores what an old socket says', async () => {
    const { latest, time, sockets, drawn } = await live()
    const old = latest()
    const message = old.onmessage
    old.onclose?.({ code: 1006 })
    for (let k = 0; k < 30; k += 1) {
      await time.pass(7_600)
      latest().onclose?.({ code: 4008 })
    }
    expect(sockets.length).toBeGreaterThan(25)
    message?.({ data: JSON.stringify(ev(11)) })
    expect(drawn()).toEqual([])
  })

  it('takes 25 s of silence for death', async () => {
    const { latest, time, told, sockets } = await live()
    await time.pass(24_000)
    latest().say({ t: 'ping', n: 1, now: new Date().toISOString() })
    await time.pass(24_000)
    expect(told.links.at(-1)).toBe('live')
    await time.pass(2_000)
    expect(told.links.at(-1)).toBe('down')
    expect(sockets.length).toBeGreaterThan(1)
  })

  it('tries at once when the page wakes, and drops a socket that died in its sleep', async () => {
    const { client, latest, time, sockets } = await live()
    const frozen = latest()
    time.now += 11 * 60_000
    client.nudge()
    await settle()
    expect(frozen.closed).toBe(true)
    expect(sockets).toHaveLength(2)
    client.nudge()
    await settle()
    expect(sockets).toHaveLength(2)
  })

  it('waits inside the window of a `bye`', async () => {
    const { latest, time, sockets } = await live()
    latest().say({ t: 'bye', code: 4001, reason: 'restart', again: true, after_ms: [2_000, 4_000] })
    latest().onclose?.({ code: 4001 })
    await time.pass(2_900)
    expect(sockets).toHaveLength(1)
    await time.pass(200)
    expect(sockets).toHaveLength(2)
  })

  it('renews its ticket at 80 % of its life', async () => {
    const { latest, time } = await live()
    for (let k = 0; k < 24; k += 1) {
      await time.pass(20_000)
      latest().say({ t: 'ping', n: k, now: new Date().toISOString() })
    }
    await time.pass(1_000)
    expect(latest().of('auth')).toEqual([{ t: 'auth', token: 't' }])
  })

  it('goes to the login only when the session is really over', async () => {
    const { latest, time, told, net, sockets } = await live()
    latest().onclose?.({ code: 4401 })
    await time.pass(1_000)
    expect(told.endings).toEqual([])
    expect(sockets).toHaveLength(2)
    net.alive = () => Promise.resolve(false)
    latest().onclose?.({ code: 4401 })
    await settle()
    expect(told.endings).toEqual(['login'])
  })

  it.each([[4403, 'login'], [4410, 'login'], [4409, 'replaced']] as const)('ends on %i', async (code, ending) => {
    const { latest, time, told, sockets } = await live()
    latest().onclose?.({ code })
    await time.pass(120_000)
    expect(told.endings).toEqual([ending])
    expect(sockets).toHaveLength(1)
  })

  it('asks for a reload on 4426, reads by long poll meanwhile, and keeps trying slowly', async () => {
    const { latest, time, told, sockets, net } = await live()
    latest().onclose?.({ code: 4426 })
    await time.pass(61_000)
    expect(told.endings).toEqual(['reload'])
    expect(sockets).toHaveLength(2)
    expect(net.polls.map(({ after }) => after)).toEqual([10])
  })

  it('takes the seat when somebody opens the page, and only comes back to it afterwards', async () => {
    const { latest, time, client } = await live()
    expect(latest().of('hello').map(({ take }) => take)).toEqual([true])
    latest().onclose?.({ code: 1006 })
    await time.pass(600)
    latest().onopen?.()
    expect(latest().of('hello').map(({ take }) => take)).toEqual([false])
    client.stop()
  })

  it('treats a refused ticket as a login and a lost one as a broken line', async () => {
    const { client, told, net, time } = world()
    net.ticket = () => Promise.reject(new Error('away'))
    client.start()
    await time.pass(60_000)
    expect(net.tickets).toBeGreaterThan(3)
    expect(told.endings).toEqual([])
    net.ticket = () => Promise.reject(new NotLoggedIn())
    await time.pass(20_000)
    expect(told.endings).toEqual(['login'])
  })
})

describe('long poll', () => {
  async function refused() {
    const it = world({ epoch: 'e1', seq: 10 })
    it.client.start()
    await settle()
    for (let k = 0; k < 3; k += 1) {
      it.latest().onclose?.({ code: 1006 })
      if (k < 2) await it.time.pass(1_100)
    }
    await settle()
    return it
  }

  it('takes over after three refused upgrades, with the same positions', async () => {
    const { net, told, drawn, client } = await refused()
    expect(net.polls.map(({ after }) => after)).toEqual([10])
    net.polls[0]?.done({ epoch: 'e1', head: 12, mode: 'replay', events: [ev(11), ev(12)], snap: null })
    await settle()
    expect(drawn()).toEqual([11, 12])
    expect(told.links.at(-1)).toBe('polling')
    expect(net.polls.at(-1)?.after).toBe(12)
    client.stop()
  })

  it('takes a snapshot by poll', async () => {
    const { net, told, client } = await refused()
    net.polls[0]?.done({ epoch: 'e2', head: 3, mode: 'snapshot', events: [], snap: snap(3, { jobs: [1] }, 1, 1, 'e2') })
    await settle()
    expect(told.changes).toMatchObject([{ seq: 3, change: { kind: 'snapshot', d: { jobs: [1] } } }])
    client.stop()
  })

  it('probes the socket each minute and leaves polling when it answers', async () => {
    const { net, time, sockets, welcome, latest, told, drawn } = await refused()
    const before = sockets.length
    await time.pass(60_000)
    expect(sockets).toHaveLength(before + 1)
    welcome('replay', 10)
    latest().say({ t: 'live', i: INBOX, seq: 10 })
    expect(told.links.at(-1)).toBe('live')
    net.polls[0]?.done({ epoch: 'e1', head: 11, mode: 'replay', events: [ev(11)], snap: null })
    await settle()
    expect(drawn()).toEqual([])
    expect(net.polls).toHaveLength(1)
  })
})

describe('on a line that loses frames', () => {
  it('is live when what `live` announced has come after it', async () => {
    const { client, latest, welcome, told, drawn } = world({ epoch: 'e1', seq: 7 })
    client.start()
    await settle()
    welcome('replay', 9)
    latest().say(ev(9))
    latest().say({ t: 'live', i: INBOX, seq: 9 })
    expect(told.links).toEqual(['syncing'])
    latest().say(ev(8))
    expect(drawn()).toEqual([8, 9])
    expect(told.links).toEqual(['syncing', 'live'])
  })

  it('forgets what it held of an epoch that is over', async () => {
    const { latest, drawn } = await live()
    latest().say(ev(13))
    latest().say(snap(12, {}, 1, 1, 'e2'))
    expect(drawn()).toEqual([])
    latest().say(ev(13, 'new'))
    expect(drawn()).toEqual([13])
  })
})

describe('delays', () => {
  it('has full jitter with a ceiling', () => {
    expect(retryDelay(0, 1)).toBe(500)
    expect(retryDelay(3, 1)).toBe(4_000)
    expect(retryDelay(50, 1)).toBe(15_000)
    expect(retryDelay(5, 0)).toBe(0)
  })

  it('knows older builds', () => {
    expect(olderBuild('0.1.0', '0.2')).toBe(true)
    expect(olderBuild('2026.11.22-3', '2026.11.01-1')).toBe(false)
    expect(olderBuild('1.2', '1.2.0')).toBe(false)
  })

  it('retries on codes it does not know', () => expect(closeRule(1006)).toBe('retry'))
})
