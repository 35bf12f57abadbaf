import { type GeoJSONSource, Map as MapLibre, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { type RefObject, useEffect, useImperativeHandle, useRef, useState } from 'react'
import type { MapSource } from '../generated/http'
import { unreached } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { useMode } from '../kernel/look'
import type { Mode } from '../kernel/tokens'
import type { Box } from './api'
import type { LngLat } from './gcj'
import { icons } from './icons'
import type { Mark } from './marks'
import { boundsOf, putOn, type Scene, sourcesOf } from './scene'
import { styleOf } from './style'
import { holdsPictures } from './tiles'

setWorkerUrl(workerUrl)

/** What buttons beside the map do with it. */
export interface Camera {
  closer: () => void
  farther: () => void
  fit: () => void
  show: (place: LngLat) => void
}

export interface CanvasProps {
  scene: Scene
  source: MapSource
  whole: Box | null
  /** Names a mark, with the age of its position. */
  words: (mark: Mark) => string
  now: number
  /** When this changes, everything is brought into sight again. */
  about: string
  camera: RefObject<Camera | null>
  choose: (key: string) => void
  enter?: ((division: string) => void) | undefined
  /** What is in sight, for what is only read for a piece of the earth; null from too far away. */
  seen: (box: Box | null) => void
  failed: (fault: unknown) => void
}

const NEAR = 11
const CLOSE = 16
const FIT = { padding: 48, maxZoom: 16, animate: false } as const

/** Tile servers may ask who wants their pictures; they are told the host and nothing else. */
const transformRequest = (url: string) => (url.startsWith('http') && !url.startsWith(location.origin) ? { url, referrerPolicy: 'origin' as const } : { url })

function useMap(place: RefObject<HTMLDivElement | null>, source: MapSource, mode: Mode, title: string, failed: (fault: unknown) => void): MapLibre | null {
  const [drawn, setDrawn] = useState<{ map: MapLibre; source: MapSource; mode: Mode } | null>(null)
  useEffect(() => {
    let [gone, map]: [boolean, MapLibre | null] = [false, null]
    const begin = (pictures: boolean) => {
      if (gone || !place.current) return
      map = new MapLibre({
        container: place.current, style: styleOf(source, mode, pictures), transformRequest, dragRotate: false, pitchWithRotate: false, fadeDuration: 0,
        attributionControl: source.attribution ? { compact: false } : false, locale: { 'Map.Title': title }, center: [105, 35], zoom: 3,
      })
      map.touchZoomRotate.disableRotation()
      map.keyboard.disableRotation()
      const made = map
      made.once('style.load', () => {
        for (const [name, image, pixelRatio] of icons(mode)) made.addImage(name, image, { pixelRatio })
        setDrawn({ map: made, source, mode })
      })
    }
    holdsPictures(source).catch(unreached).then(begin).catch(failed)
    return () => {
      gone = true
      setDrawn(null)
      map?.remove()
    }
    // `failed` and `title` are new at every render and the same in meaning
  }, [place, source, mode])
  // the one before has been removed by now: whoever touched it would fail
  return drawn?.source === source && drawn.mode === mode ? drawn.map : null
}

function useCamera({ camera, scene, whole, source, about }: CanvasProps, drawn: MapLibre | null): void {
  const put = putOn(source.crs)
  const fit = () => {
    const box = boundsOf(scene, whole)
    if (!box || !drawn) return
    const [west, south, east, north] = box
    drawn.fitBounds([[...put([west, south])] as [number, number], [...put([east, north])] as [number, number]], FIT)
  }
  useImperativeHandle(camera, () => ({
    closer: () => drawn?.zoomIn({ animate: false }),
    farther: () => drawn?.zoomOut({ animate: false }),
    fit,
    show: (place) => drawn?.jumpTo({ center: [...put(place)] as [number, number], zoom: Math.max(drawn.getZoom(), CLOSE) }),
  }))
  const known = boundsOf(scene, whole) !== null
  useEffect(() => {
    if (drawn && known) fit()
    // only when the map is about something else, never because somebody has moved
  }, [drawn, about, known])
}

function useHands({ choose, enter, seen }: CanvasProps, drawn: MapLibre | null): void {
  const hands = useRef({ choose, enter, seen })
  hands.current = { choose, enter, seen }
  useEffect(() => {
    if (!drawn) return
    const map = drawn
    const look = () => {
      const box = map.getBounds()
      const far = map.getZoom() < NEAR
      hands.current.seen(far ? null : [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((n) => Math.round(n * 100) / 100) as unknown as Box)
    }
    map.on('click', 'people', ({ features }) => hands.current.choose(String(features?.[0]?.properties['key'])))
    map.on('dblclick', 'shapes', (event) => {
      const code = event.features?.[0]?.properties['code'] as string | undefined
      if (!code || !hands.current.enter) return
      event.preventDefault()
      hands.current.enter(code)
    })
    map.on('mouseenter', 'people', () => (map.getCanvas().style.cursor = 'pointer'))
    map.on('mouseleave', 'people', () => (map.getCanvas().style.cursor = ''))
    map.on('moveend', look)
    look()
  }, [drawn])
}

/** The drawn map. It says nothing that its list does not say. */
export default function Canvas(props: CanvasProps) {
  const { scene, source, words, now, failed } = props
  const speak = useSpeak()
  const place = useRef<HTMLDivElement>(null)
  const drawn = useMap(place, source, useMode(), speak('map/drawn'), failed)
  useHands(props, drawn)
  useEffect(() => {
    if (!drawn) return
    for (const [name, data] of Object.entries(sourcesOf(scene, putOn(source.crs), now, words))) (drawn.getSource(name) as GeoJSONSource).setData(data)
  }, [drawn, scene, source, now, words])
  useCamera(props, drawn)
  return <div ref={place} className="map-canvas" data-ready={drawn !== null} />
}
