import { type Spot as SpotOf, spotsOf } from '../kernel/spot'

export type Section = 'list' | 'unbound' | 'outages' | 'denials'
export type Spot = SpotOf<Section>

const SPOTS = spotsOf<Section>(['list', 'unbound', 'outages', 'denials'])
export const readSpot = SPOTS.read
export const spotHash = SPOTS.hashOf
export const useSpot = SPOTS.use
