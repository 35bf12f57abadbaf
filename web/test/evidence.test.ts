import { describe, expect, it } from 'vitest'
import { byDay, meanStars } from '../src/field/day/days'
import { EMPTY, type Draft, type Thing } from '../src/field/evidence/draft'
import { commandsOf, lacking, reportOf, wanted } from '../src/field/evidence/handing'
import { within } from '../src/field/evidence/picture'
import type { MyJob } from '../src/generated/http'

const thing = (id: string): Thing => ({ id, at: '2026-11-22T02:00:00.000Z', blob: new Blob(['x'], { type: 'image/jpeg' }) })
const draft = (part: Partial<Draft>): Draft => ({ ...EMPTY, outcome: 'helped', ...part })

describe('what is handed in', () => {
  it('is what the service says, and words where the outcome raises questions', () => {
    expect([...wanted(['photo'], 'helped')]).toEqual(['photo'])
    expect([...wanted([], 'false_press')]).toEqual([])
    expect([...wanted(['note', 'photo'], 'hospital')]).toEqual(['note', 'photo'])
    expect([...wanted([], 'other')]).toEqual(['note'])
  })
  it.each([
    [{}, ['photo', 'signature', 'note']],
    [{ note: '  ' }, ['photo', 'signature', 'note']],
    [{ note: '好' }, ['photo', 'signature']],
    [{ voice: thing('v'), photos: [thing('p')] }, ['signature']],
    [{ note: '好', noPhoto: true, unsigned: 'refused' as const }, []],
    [{ note: '好', photos: [thing('p')], signature: thing('s') }, []],
  ])('lacks %#', (part, lacks) => expect(lacking(draft(part), ['photo', 'signature', 'note'])).toEqual(lacks))
  it('says what is missing, and why nobody signed', () => {
    expect(reportOf(draft({ fell: true, unsigned: 'absent', noPhoto: true }), ['photo', 'signature'])).toEqual({
      fell: true, injured: false, unsigned: 'absent', missing: ['photo', 'signature'],
    }) // prettier-ignore
    expect(reportOf(draft({ unsigned: 'absent', signature: thing('s') }), ['signature'])).toMatchObject({ unsigned: null, missing: [] })
  })
  it('goes after the word that the visit is over, each thing under its own id', () => {
    const full = draft({ note: '好', photos: [thing('p1'), thing('p2')], signature: thing('s'), voice: thing('v') })
    const commands = commandsOf('J', full, [])
    expect(commands.map(({ what }) => what)).toEqual(['complete', 'report', 'signature', 'voice', 'photo', 'photo'])
    expect(commands[0]).toMatchObject({ path: '/jobs/J/complete', body: { outcome: 'helped', note: '好' } })
    expect(commands.at(-1)).toMatchObject({ method: 'PUT', key: 'p2', path: '/jobs/J/evidence/p2?kind=photo&taken_at=2026-11-22T02%3A00%3A00.000Z' })
  })
})

describe('pictures', () => {
  it.each([
    [4000, 3000, [1600, 1200]],
    [3000, 4000, [1200, 1600]],
    [800, 600, [800, 600]],
    [10_000, 1, [1600, 1]],
  ])('%d×%d fits', (width, height, size) => expect(within(width, height, 1600)).toEqual(size))
})

describe('own days', () => {
  it('have no mean without ratings', () => {
    expect(meanStars([0, 0, 0, 0, 0])).toBeNull()
    expect(meanStars([0, 0, 1, 0, 2])).toEqual({ n: 3, mean: 4.3 })
  })
  it('are told apart by the clock on the wall', () => {
    const at = (accepted_at: string) => ({ accepted_at }) as MyJob
    const days = byDay([at('2026-11-23T04:00:00Z'), at('2026-11-22T04:00:00Z'), at('2026-11-22T03:00:00Z')])
    expect(days.map(([, jobs]) => jobs.length)).toEqual([1, 2])
  })
})
