import { describe, expect, it } from 'vitest'
import type { CandidateLine, Concerned, IncidentMap, MapPerson, MapShape } from '../src/generated/http'
import { toneOf } from '../src/map/Coverage'
import { type LngLat, toGcj } from '../src/map/gcj'
import { compass, isOld, type Mark, marksOf, metresBetween, placeOf } from '../src/map/marks'
import { boundsOf, middleOf, putOn, type Scene, sourcesOf } from '../src/map/scene'
import { styleOf } from '../src/map/style'

const NOW = Date.parse('2026-11-23T02:00:00Z')
const at = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString()
const HOME: LngLat = [115.79, 25.6]

const person = (responder: string, about: Partial<MapPerson> = {}): MapPerson => ({
  responder, name_masked: `${responder}*`, kind: 'nurse', division: '360733100', lat: 25.61, lon: 115.79, seen_at: at(0), on_duty: true, reachable: true,
  phone_only: false, incident: null, state: null, ...about,
})
const concerned = (responder: string, about: Partial<Concerned> = {}): Concerned => ({
  ...person(responder), offer: 'sent', role: null, eta_s: 300, accepted_at: null, arrived_at: null, track: [], ...about,
})
const candidate = (responder: string): CandidateLine => ({
  responder, name: responder, kind: 'nurse', dist_m: 900, eta_s: 240, score: {}, reachable: true, phone_only: false, on_duty: true, relation: null, asked: null, skills: [], jobs_24h: 0, pending: 0, busy: null, seen_at: null,
})
const incident = (people: Concerned[], about: Partial<IncidentMap> = {}): IncidentMap => ({
  incident: 'I-1', ver: 1, division: '360733100', priority: 1, kind: 'sos', place: '红旗路', lat: 25.6, lon: 115.79, away_m: null, home_lat: null, home_lon: null, people, ...about,
})
const square = (code: string, west: number, side = 0.1): MapShape => ({
  code, name: code, parent: null, drawn: true,
  geometry: { type: 'MultiPolygon', coordinates: [[[[west, 25], [west + side, 25], [west + side, 25 + side], [west, 25 + side], [west, 25]]]] },
})
const scene = (about: Partial<Scene> = {}): Scene => ({ division: '360733', shapes: [], landmarks: [], roads: [], marks: [], alarm: null, home: null, chosen: null, ...about })

describe('GCJ-02, for drawing only', () => {
  // the same published places that the platform's own conversion is held to
  it.each([
    [[121.5272106, 31.1774276], [121.531541859215, 31.17530398364597]],
    [[113.912316, 22.543847], [113.9171764808363, 22.540796131694766]],
    [[116.377817, 39.911954], [116.38404722455657, 39.91334545536069]],
  ] as [LngLat, LngLat][])('moves %j as published', (wgs, gcj) => {
    expect(toGcj(wgs)[0]).toBeCloseTo(gcj[0], 9)
    expect(toGcj(wgs)[1]).toBeCloseTo(gcj[1], 9)
  })
  it('moves nothing elsewhere, and nothing on other pictures', () => {
    expect(toGcj([-0.1276, 51.5072])).toEqual([-0.1276, 51.5072])
    expect(putOn('wgs84')(HOME)).toBe(HOME)
    expect(putOn('gcj02')(HOME)).toEqual(toGcj(HOME))
  })
})

describe('whom the map shows', () => {
  const people = [person('busy', { incident: 'I-2', state: 'en_route' }), person('far', { lat: 25.9 }), person('near'), person('comes'), person('next')]
  const about = incident([concerned('asked'), concerned('comes', { role: 'first', offer: 'accepted', state: 'en_route' })])

  it('has everybody once, by what most concerns the incident, the nearest first', () => {
    const marks = marksOf(people, about, [candidate('next'), candidate('comes'), candidate('away')])
    expect(marks.map(({ key, group }) => `${group} ${key}`)).toEqual([
      'coming comes', 'asked asked', 'candidates next', 'candidates away', 'working busy', 'duty near', 'duty far',
    ])
  })
  it('keeps somebody without a place in the list and off the map', () => {
    const marks = marksOf([], about, [candidate('away')])
    expect(marks.find(({ key }) => key === 'away')?.at).toBeNull()
    const drawn = sourcesOf(scene({ marks }), putOn('wgs84'), NOW, ({ name }) => name)
    expect(drawn['people']?.features.map(({ properties }) => properties?.['key'])).toEqual(['asked', 'comes'])
  })
  it('measures ways from the alarm, and none without one', () => {
    expect(marksOf(people, about, [])[2]?.distM).toBeGreaterThan(1_100)
    expect(marksOf(people, null, []).every(({ distM }) => distM === null)).toBe(true)
    expect(placeOf(incident([], { lat: null, lon: null }))).toBeNull()
  })
  it('says which way', () => {
    expect([compass(HOME, [115.79, 25.7]), compass(HOME, [115.9, 25.7]), compass(HOME, [115.7, 25.6]), compass(HOME, [115.79, 25.5])]).toEqual(['n', 'ne', 'w', 's'])
    expect(metresBetween(HOME, [115.79, 25.61])).toBeCloseTo(1112, 0)
  })
  it('trusts a position less long on the way than on duty, and says nothing of a station', () => {
    const old = (group: Mark['group'], minutes: number | null) => isOld({ group, seenAt: minutes === null ? null : at(minutes) }, NOW)
    expect([old('coming', 1), old('coming', 3), old('duty', 3), old('duty', 11), old('duty', null)]).toEqual([false, true, false, true, false])
  })
})

describe('what is drawn', () => {
  const track = [{ lat: 25.63, lon: 115.79, at: at(1) }, { lat: 25.62, lon: 115.79, at: at(0) }]
  const marks = marksOf([person('duty', { seen_at: at(30), reachable: false })], incident([concerned('comes', { role: 'first', seen_at: at(5), track })]), [])
  const alarm = { level: 1, words: 'SOS', at: HOME }

  it('draws the way come and the way ahead, and age by another shape', () => {
    const drawn = sourcesOf(scene({ marks, alarm }), putOn('wgs84'), NOW, ({ name }) => name)
    expect(drawn['ways']?.features.map(({ properties }) => properties?.['kind'])).toEqual(['come', 'ahead'])
    expect(drawn['people']?.features.map(({ properties }) => properties?.['icon'])).toEqual(['away-old', 'coming-old'])
    expect(drawn['alarm']?.features[0]?.properties?.['icon']).toBe('level-1')
  })
  it('brings the alarm and whoever it concerns into sight, else the division', () => {
    expect(boundsOf(scene({ marks, alarm }), [1, 2, 3, 4])).toEqual([115.79, 25.6, 115.79, 25.61])
    expect(boundsOf(scene({ marks }), [1, 2, 3, 4])).toEqual([1, 2, 3, 4])
    expect(boundsOf(scene(), null)).toBeNull()
  })
  it('writes names and figures in the middle of the parts, not of the whole', () => {
    const shapes = [square('360733', 115, 1), square('360733100', 115.2)]
    const figures = new Map([['360733100', { tone: 'poor', words: '61%' } as const]])
    const drawn = sourcesOf(scene({ shapes, figures }), putOn('wgs84'), NOW, () => '')
    expect(drawn['names']?.features.map(({ properties }) => properties?.['words'])).toEqual(['360733100\n61%'])
    expect(middleOf(square('x', 115))[0]).toBeCloseTo(115.05, 6)
    expect(drawn['shapes']?.features.map(({ properties }) => properties?.['tone'])).toEqual(['none', 'poor'])
  })
  it('moves everything alike on a shifted picture', () => {
    const drawn = sourcesOf(scene({ marks, alarm, roads: [[25.6, 115.79, 25.61, 115.79]] }), putOn('gcj02'), NOW, () => '')
    const [lng] = toGcj(HOME)
    const flat = JSON.stringify(drawn)
    expect(flat).toContain(String(lng))
    expect(flat).not.toContain('115.79,')
  })
})

describe('the style', () => {
  it('asks nobody for anything without tiles, and has every source by day and night', () => {
    for (const mode of ['day', 'night'] as const) {
      const style = styleOf({ kind: 'none', layers: [], crs: 'wgs84', max_zoom: 18, attribution: '' }, mode, true)
      expect(JSON.stringify(style)).not.toMatch(/https?:/)
      for (const layer of style.layers) if ('source' in layer) expect(Object.keys(style.sources)).toContain(layer.source)
    }
  })
  it('puts the pictures beneath everything of ours, with their attribution', () => {
    const style = styleOf({ kind: 'amap', layers: ['https://a/{z}/{x}/{y}'], crs: 'gcj02', max_zoom: 18, attribution: '© A' }, 'day', true)
    expect(style.layers.slice(0, 3).map(({ id }) => id)).toEqual(['paper', 'tiles-0', 'shapes'])
    expect(style.sources['tiles-0']).toMatchObject({ type: 'raster', attribution: '© A' })
  })
})

describe('coverage', () => {
  it('is good, fair or poor by the share in time, and nothing where nobody lives', () => {
    expect([1, 0.9, 0.89, 0.7, 0.5, 0, null].map(toneOf)).toEqual(['good', 'good', 'fair', 'fair', 'poor', 'poor', 'none'])
  })
})
