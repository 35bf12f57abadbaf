import Button from '@mui/material/Button'
import { useCallback, useMemo, useState } from 'react'
import type { CandidateLine, IncidentMap } from '../generated/http'
import { type Speak, useSpeak } from '../kernel/i18n'
import { levelOf } from '../kernel/ring/pattern'
import { serverClock, useSecond } from '../kernel/time'
import { LevelMark, Tag } from '../ui/Marks'
import { Distance } from '../ui/Times'
import { type Box, useIncidentMap, usePeople, useRoads, useShapes, useSource } from './api'
import { ageOf, List } from './List'
import { type Mark, marksOf, placeOf } from './marks'
import type { Scene } from './scene'
import { View } from './View'

export interface MapPaneProps {
  /** The widest division shown: the seat's own. */
  division: string
  /** The incident the map is about; without one it shows the division. */
  incident?: string | null
  /** Version of its row: what is drawn is read again when it rises. */
  ver?: number
  /** Whom the rules would ask now, the best first. */
  candidates?: readonly CandidateLine[] | undefined
  /** Somebody in the list was chosen to be sent; without this nobody can be. */
  choose?: ((responder: string) => void) | undefined
}

const NOBODY: readonly CandidateLine[] = []
const BEAT_S = 10

/** Ages turn over every ten seconds: nobody reads them closer, and the map is not drawn anew each second. */
function useNow(): number {
  const second = useSecond()
  return useMemo(() => serverClock.now(), [Math.floor(second / BEAT_S)])
}

function alarmOf(incident: IncidentMap | null, speak: Speak): Scene['alarm'] {
  const at = placeOf(incident)
  return incident && at ? { level: levelOf(incident.priority), words: speak.word('kind', incident.kind), at } : null
}

function homeOf(incident: IncidentMap | null, speak: Speak): Scene['home'] {
  if (!incident?.away_m || incident.home_lon == null || incident.home_lat == null) return null
  return { words: speak('map/home'), at: [incident.home_lon, incident.home_lat] }
}

function Place({ incident }: { incident: IncidentMap }) {
  const speak = useSpeak()
  return (
    <p className="map-place">
      <LevelMark priority={incident.priority} size={20} /> <strong>{speak.word('kind', incident.kind)}</strong> <span>{incident.place}</span>
      {incident.away_m ? (
        <Tag tone="alert">
          {speak('map/away')} <Distance metres={incident.away_m} />
        </Tag>
      ) : null}
      {!placeOf(incident) && <Tag tone="alert">{speak('map/noPlace')}</Tag>}
    </p>
  )
}

function useScene(division: string, incident: string | null, ver: number, candidates: readonly CandidateLine[], chosen: string | null, box: Box | null) {
  const speak = useSpeak()
  const { data: shapes } = useShapes(division)
  const { data: people, error: peopleError } = usePeople(division)
  const { data: found, error: incidentError } = useIncidentMap(incident, ver)
  const about = incident !== null && found?.incident === incident ? found : null
  const source = useSource()
  const { data: roads } = useRoads(source.kind === 'none' ? box : null)
  const scene = useMemo(
    (): Scene => ({
      division, shapes: shapes?.shapes ?? [], landmarks: shapes?.landmarks ?? [], roads: roads?.stretches ?? [], chosen,
      marks: marksOf(people?.items ?? [], about, candidates), alarm: alarmOf(about, speak), home: homeOf(about, speak),
    }),
    [division, shapes, people, about, candidates, roads, chosen, speak],
  )
  return { scene, source, shapes, about, more: people?.more ?? false, problem: peopleError ?? incidentError }
}

/** Which division was entered and whom somebody pointed at: forgotten when the map is about another incident. */
function usePointed(incident: string | null) {
  const [pointed, setPointed] = useState<{ incident: string | null; inside: string | null; chosen: string | null }>({ incident, inside: null, chosen: null })
  const { inside, chosen } = pointed.incident === incident ? pointed : { inside: null, chosen: null }
  return {
    inside,
    chosen,
    enter: (division: string | null) => setPointed({ incident, inside: division, chosen }),
    point: (mark: string) => setPointed({ incident, inside, chosen: mark }),
  }
}

/** A map with its list: the list says everything that the map draws. */
export function MapPane({ division: widest, incident = null, ver = 0, candidates = NOBODY, choose }: MapPaneProps) {
  const speak = useSpeak()
  const now = useNow()
  const { inside, chosen, enter, point } = usePointed(incident)
  const [box, setBox] = useState<Box | null>(null)
  const division = inside !== null && inside.startsWith(widest) ? inside : widest
  const { scene, source, shapes, about, more, problem } = useScene(division, incident, ver, candidates, chosen, box)
  const words = useCallback((mark: Mark) => `${mark.name}\n${ageOf(mark, speak, now)}`, [speak, now])
  const up = division !== widest && (
    <Button color="inherit" onClick={() => enter(shapes?.above.at(-1)?.code ?? null)}>
      {speak('map/up')}
    </Button>
  )
  const guessed = scene.shapes.some(({ drawn }) => drawn)
  return (
    <View
      title={shapes?.name || speak('map/title')}
      ways={up}
      scene={scene}
      source={source}
      whole={shapes?.bounds ?? null}
      words={words}
      now={now}
      about={`${incident ?? ''} ${division} ${about !== null}`}
      choose={point}
      enter={incident === null ? enter : undefined}
      seen={setBox}
    >
      {(camera) => (
        <>
          {about && <Place incident={about} />}
          {problem !== null && (
            <p className="danger" role="status">
              {speak('map/stale')} {speak.problem(problem)}
            </p>
          )}
          {more && <p className="hint pad">{speak('map/more')}</p>}
          <List
            marks={scene.marks}
            place={placeOf(about)}
            now={now}
            chosen={chosen}
            choose={choose}
            show={(mark) => {
              point(mark.key)
              if (mark.at) camera()?.show(mark.at)
            }}
          />
          {guessed && <p className="quiet small pad">{speak('map/guessed')}</p>}
        </>
      )}
    </View>
  )
}
