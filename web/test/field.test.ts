import { describe, expect, it } from 'vitest'
import { foreseen, nextStep } from '../src/field/live'
import { lost } from '../src/field/rings'
import { doorOf, mapLinks, metres } from '../src/field/way'
import type { AssignmentLine } from '../src/generated/http'
import { gcj02 } from '../src/kernel/gcj02'
import type { Queued } from '../src/kernel/outbox/types'

const mine: AssignmentLine = {
  id: 'A-1', job: 'J-1', offer: 'O-1', responder: 'R-1', name: '王护士', kind: 'nurse', role: 'first', state: 'accepted', eta_s: 300,
  accepted_at: '2026-11-22T02:00:00Z', departed_at: null, arrived_at: null, with_elder_at: null, ended_at: null,
} // prettier-ignore

const pressed = (what: string, at: string, state: Queued['state'] = 'waiting'): Queued => ({
  key: what, owner: 'A', no: 1, job: 'J-1', what, path: '', method: 'POST', body: null, blob: null, urgent: false, at, state, tries: 0, problem: null, stored: true,
}) // prettier-ignore

describe('a line that is down', () => {
  it('sounds after half a minute, and only for whoever is on duty', () => {
    const since = Date.parse('2026-11-22T02:00:00Z')
    const rings = (duty: boolean, link: 'down' | 'live', after: number) => lost({ duty }, { link, since }, since + after).map(({ level }) => level)
    expect([rings(true, 'down', 30_000), rings(true, 'down', 30_001)]).toEqual([[], [4]])
    expect([rings(false, 'down', 60_000), rings(true, 'live', 60_000)]).toEqual([[], []])
  })
})

describe('a job without network', () => {
  it('goes on by what has been pressed', () => {
    const waiting = [pressed('depart', '2026-11-22T02:01:00Z'), pressed('photo', ''), pressed('arrive', '2026-11-22T02:05:00Z')]
    const seen = foreseen(mine, waiting)
    expect([seen?.departed_at, seen?.arrived_at]).toEqual(['2026-11-22T02:01:00Z', '2026-11-22T02:05:00Z'])
    expect(nextStep(seen)).toBe('start')
  })
  it('ends when completion is pressed', () => {
    const seen = foreseen({ ...mine, with_elder_at: '2026-11-22T02:06:00Z' }, [pressed('complete', '2026-11-22T02:20:00Z')])
    expect([seen?.state, seen?.ended_at, nextStep(seen)]).toEqual(['completed', '2026-11-22T02:20:00Z', null])
  })
  it('does not count what was refused, nor put its own time over the server’s', () => {
    expect(foreseen(mine, [pressed('depart', '2026-11-22T02:01:00Z', 'refused')])?.departed_at).toBeNull()
    const known = { ...mine, departed_at: '2026-11-22T02:00:30Z' }
    expect(foreseen(known, [pressed('depart', '2026-11-22T02:01:00Z')])?.departed_at).toBe('2026-11-22T02:00:30Z')
  })
})

describe('the door', () => {
  const door = { lat: 25.6, lon: 115.79 }
  const at = (north: number, accuracy: number) => ({ lat: 25.6 + north / 111_320, lon: 115.79, accuracy })
  it.each([
    [at(100, 10), 'near'],
    [at(159, 10), 'near'],
    [at(480, 10), 'far'],
    [at(480, 400), 'unknown'],
    [null, 'unknown'],
  ] as const)('is %j: %s', (fix, is) => expect(doorOf(fix, door).is).toBe(is))
  it('cannot be far where nobody knows where it is', () => expect(doorOf(at(0, 5), { lat: null, lon: null }).is).toBe('unknown'))
})

describe('maps of mainland China', () => {
  it('are given shifted places', () => {
    const { lat, lon } = gcj02({ lat: 39.915, lon: 116.404 })
    expect(lat).toBeCloseTo(39.91640428150164, 9)
    expect(lon).toBeCloseTo(116.41024449916938, 9)
    expect(metres({ lat: 25.6, lon: 115.79 }, gcj02({ lat: 25.6, lon: 115.79 }))).toBeGreaterThan(300)
  })
  it('elsewhere are given them as they are', () => expect(gcj02({ lat: 51.5, lon: -0.12 })).toEqual({ lat: 51.5, lon: -0.12 }))
  it('open on the phone by their own address', () => {
    const links = new Map(mapLinks({ lat: 25.6, lon: 115.79 }, '东湖区 3 栋', 'Android 14'))
    const { lat, lon } = gcj02({ lat: 25.6, lon: 115.79 })
    expect(links.get('amap')).toBe(`amapuri://route/plan/?sourceApplication=yinling&dlat=${lat.toFixed(6)}&dlon=${lon.toFixed(6)}&dname=${encodeURIComponent('东湖区 3 栋')}&dev=0&t=2`)
    expect(links.get('baidu')).toContain(`latlng:${lat.toFixed(6)},${lon.toFixed(6)}`)
    expect(links.get('tencent')).toContain(`tocoord=${lat.toFixed(6)},${lon.toFixed(6)}`)
    expect(links.get('other')).toMatch(/^geo:25.6,115.79/)
    expect(new Map(mapLinks({ lat: 25.6, lon: 115.79 }, '家', 'iPhone')).get('amap')).toMatch(/^iosamap:/)
  })
})
