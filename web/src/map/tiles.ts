import { addProtocol, type LayerSpecification, type SourceSpecification } from 'maplibre-gl'
import { PMTiles, Protocol, TileType } from 'pmtiles'
import type { MapSource } from '../generated/http'
import { FONT, type Mode, type Palette } from '../kernel/tokens'

const SCHEME = 'pmtiles'
let protocol: Protocol | null = null

const fileOf = (source: MapSource): string | null => (source.kind === 'pmtiles' ? new URL(source.layers[0] ?? '', location.href).href : null)

/** Whether the operator's file holds pictures; the other kind holds lines that we draw ourselves. */
export async function holdsPictures(source: MapSource): Promise<boolean> {
  const file = fileOf(source)
  if (file === null) return true
  if (!protocol) {
    protocol = new Protocol()
    addProtocol(SCHEME, protocol.tile)
  }
  const tiles = new PMTiles(file)
  protocol.add(tiles)
  return (await tiles.getHeader()).tileType !== TileType.Mvt
}

interface Tiles {
  sources: Record<string, SourceSpecification>
  layers: LayerSpecification[]
}

const NONE: Tiles = { sources: {}, layers: [] }

/** What lies under our own drawing. */
export function tileLayers(source: MapSource, palette: Palette, pictures: boolean, mode: Mode): Tiles {
  if (source.kind === 'none') return NONE
  const file = fileOf(source)
  if (file !== null && !pictures) return drawn(file, source, palette)
  return source.layers.reduce((all, url, k) => {
    const address = file === null ? { tiles: [url] } : { url: `${SCHEME}://${file}` }
    const given: SourceSpecification = { type: 'raster', tileSize: 256, maxzoom: source.max_zoom, attribution: source.attribution, ...address }
    const layer: LayerSpecification = { id: `tiles-${k}`, type: 'raster', source: `tiles-${k}`, paint: { 'raster-saturation': -0.5, 'raster-brightness-max': mode === 'night' ? 0.45 : 1 } }
    return { sources: { ...all.sources, [`tiles-${k}`]: given }, layers: [...all.layers, layer] }
  }, NONE)
}

/** Lines of a file in the layers that OpenStreetMap extracts commonly have, as calm as the rest. */
function drawn(file: string, { attribution, max_zoom: maxzoom }: MapSource, palette: Palette): Tiles {
  const from = (layer: string) => ({ source: 'tiles', 'source-layer': layer })
  const named = { 'text-field': ['coalesce', ['get', 'name:zh'], ['get', 'name']] as never, 'text-font': [FONT], 'text-size': 13 }
  const written = { 'text-color': palette.ink2, 'text-halo-color': palette.sheet, 'text-halo-width': 1.5 }
  return {
    sources: { tiles: { type: 'vector', url: `${SCHEME}://${file}`, attribution, maxzoom } },
    layers: [
      { id: 'earth', type: 'fill', ...from('earth'), paint: { 'fill-color': palette.paper } },
      { id: 'water', type: 'fill', ...from('water'), paint: { 'fill-color': palette.levels[3].soft } },
      { id: 'buildings', type: 'fill', ...from('buildings'), minzoom: 14, paint: { 'fill-color': palette.sunk, 'fill-outline-color': palette.line } },
      { id: 'streets', type: 'line', ...from('roads'), paint: { 'line-color': palette.line, 'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.5, 16, 6] } },
      { id: 'street-names', type: 'symbol', ...from('roads'), minzoom: 14, layout: { ...named, 'symbol-placement': 'line' }, paint: written },
      { id: 'places', type: 'symbol', ...from('places'), layout: named, paint: written },
    ],
  }
}
