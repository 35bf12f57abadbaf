import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import type { MapSource } from '../generated/http'
import { FONT, type Mode, type Palette, PALETTES } from '../kernel/tokens'
import { tileLayers } from './tiles'

export const SOURCES = ['shapes', 'roads', 'names', 'landmarks', 'ways', 'holes', 'people', 'alarm'] as const

const EMPTY: SourceSpecification = { type: 'geojson', data: { type: 'FeatureCollection', features: [] } }
const FONT_STACK = [FONT]
/** From farther away only those whom the incident concerns are named. */
const CROWDED = 12.5

/** Written on the map in our own hand, with a halo of paper. */
const written = (palette: Palette, colour: string) => ({ 'text-color': colour, 'text-halo-color': palette.sheet, 'text-halo-width': 2 })

function ground(palette: Palette, plain: boolean): LayerSpecification[] {
  const toned: ExpressionSpecification = [
    'match', ['get', 'tone'], 'good', palette.goodSoft, 'fair', palette.levels[3].soft, 'poor', palette.levels[2].soft, palette.paper,
  ]
  const own: ExpressionSpecification = ['get', 'own']
  return [
    { id: 'shapes', type: 'fill', source: 'shapes', filter: ['!', own], paint: { 'fill-color': toned, 'fill-opacity': plain ? 1 : 0.25 } },
    { id: 'borders', type: 'line', source: 'shapes', filter: ['!', own], paint: { 'line-color': palette.silver, 'line-width': 1, 'line-dasharray': [4, 2] } },
    { id: 'outline', type: 'line', source: 'shapes', filter: own, paint: { 'line-color': palette.ink2, 'line-width': 2 } },
    {
      id: 'roads', type: 'line', source: 'roads', layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': palette.line, 'line-width': ['interpolate', ['linear'], ['zoom'], 11, 1, 16, 6] },
    },
  ]
}

function labels(palette: Palette): LayerSpecification[] {
  return [
    {
      id: 'names', type: 'symbol', source: 'names',
      layout: { 'text-field': ['get', 'words'], 'text-font': FONT_STACK, 'text-size': 14, 'text-line-height': 1.4, 'text-padding': 4 },
      paint: written(palette, palette.ink2),
    },
    {
      id: 'landmarks', type: 'symbol', source: 'landmarks', minzoom: 11,
      layout: {
        'icon-image': 'landmark', 'text-field': ['get', 'words'], 'text-font': FONT_STACK, 'text-size': 13, 'text-anchor': 'top', 'text-offset': [0, 0.7],
        'text-optional': true,
      },
      paint: written(palette, palette.ink2),
    },
  ]
}

function people(palette: Palette): LayerSpecification[] {
  const chosen: ExpressionSpecification = ['get', 'chosen']
  return [
    {
      id: 'come', type: 'line', source: 'ways', filter: ['==', ['get', 'kind'], 'come'], layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': palette.good, 'line-width': 4 },
    },
    {
      id: 'ahead', type: 'line', source: 'ways', filter: ['==', ['get', 'kind'], 'ahead'],
      paint: { 'line-color': palette.good, 'line-width': 2, 'line-dasharray': [1, 2] },
    },
    { id: 'ring', type: 'circle', source: 'people', filter: chosen, paint: { 'circle-radius': 18, 'circle-opacity': 0, 'circle-stroke-width': 3, 'circle-stroke-color': palette.focus } },
    {
      id: 'people', type: 'symbol', source: 'people',
      layout: {
        'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-ignore-placement': true,
        'text-field': ['step', ['zoom'], ['case', ['get', 'near'], ['get', 'words'], ''], CROWDED, ['get', 'words']], 'text-font': FONT_STACK, 'text-size': 13, 'text-anchor': 'top', 'text-offset': [0, 1.1], 'text-optional': true,
      },
      paint: written(palette, palette.ink),
    },
    {
      id: 'holes', type: 'symbol', source: 'holes',
      layout: { 'icon-image': 'hole', 'icon-allow-overlap': true, 'text-field': ['get', 'words'], 'text-font': FONT_STACK, 'text-size': 13, 'text-allow-overlap': true },
      paint: { 'text-color': palette.levels[2].on },
    },
    {
      id: 'alarm', type: 'symbol', source: 'alarm',
      layout: {
        'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'text-field': ['get', 'words'], 'text-font': FONT_STACK, 'text-size': 15,
        'text-anchor': 'bottom', 'text-offset': [0, -1.3], 'text-allow-overlap': true,
      },
      paint: written(palette, palette.ink),
    },
  ]
}

/** Paper, ink and the silver of the bell; colour is kept for urgency. Nothing in it is asked of anybody else's server. */
export function styleOf(source: MapSource, mode: Mode, raster: boolean): StyleSpecification {
  const palette = PALETTES[mode]
  const tiles = tileLayers(source, palette, raster, mode)
  return {
    version: 8,
    sources: { ...tiles.sources, ...Object.fromEntries(SOURCES.map((name) => [name, EMPTY])) },
    layers: [
      { id: 'paper', type: 'background', paint: { 'background-color': palette.sunk } },
      ...tiles.layers, ...ground(palette, tiles.layers.length === 0), ...labels(palette), ...people(palette),
    ],
  }
}
