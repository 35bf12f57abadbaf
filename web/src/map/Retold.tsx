import { useCallback, useMemo, useState } from 'react'
import type { IncidentReplay, ReplayTrack } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { levelOf } from '../kernel/ring/pattern'
import { type Box, useRoads, useShapes, useSource } from './api'
import type { Mark } from './marks'
import type { Scene } from './scene'
import { View } from './View'


/** Where somebody last was at a moment, with the way up to there; null before anybody knew. */
export function markAt(track: ReplayTrack, pressedAt: string, s: number): Mark | null {
  const so = track.points.filter((point) => point.s <= s)
  const last = so.at(-1)
  if (!last) return null
  return {
    key: track.responder, group: 'coming', name: track.name_masked, kind: track.kind, at: [last.lon, last.lat], seenAt: new Date(Date.parse(pressedAt) + last.s * 1000).toISOString(),
    reachable: true, state: null, role: null, offer: null, etaS: null, distM: null, track: so.map(({ lon, lat }) => [lon, lat]),
  }
}

function useScene(replay: IncidentReplay, s: number, box: Box | null) {
  const speak = useSpeak()
  const division = replay.division.slice(0, 9)
  const { data: shapes } = useShapes(division)
  const source = useSource()
  const { data: roads } = useRoads(source.kind === 'none' ? box : null)
  const scene = useMemo(
    (): Scene => ({
      division, shapes: shapes?.shapes ?? [], landmarks: shapes?.landmarks ?? [], roads: roads?.stretches ?? [], chosen: null, home: null,
      marks: replay.tracks.flatMap((track) => markAt(track, replay.pressed_at, s) ?? []),
      alarm: replay.lat === null || replay.lon === null ? null : { level: levelOf(replay.priority), words: speak.word('kind', replay.kind), at: [replay.lon, replay.lat] },
    }),
    [division, shapes, roads, replay, s, speak],
  )
  return { scene, source, whole: shapes?.bounds ?? null }
}

const silent = () => undefined
const nameOf = (mark: Mark): string => mark.name

/** Where everybody was at a moment of an incident that is told again. The steps beside it say the same in words. */
export function Retold({ replay, s }: { replay: IncidentReplay; s: number }) {
  const speak = useSpeak()
  const [box, setBox] = useState<Box | null>(null)
  const { scene, source, whole } = useScene(replay, s, box)
  const words = useCallback(nameOf, [])
  return (
    <View title={speak('map/title')} scene={scene} source={source} whole={whole} words={words} now={Date.parse(replay.pressed_at) + s * 1000} about={replay.incident} choose={silent} seen={setBox}>
      {() => null}
    </View>
  )
}
