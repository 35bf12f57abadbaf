import { type Spot as SpotOf, spotsOf } from '../kernel/spot'

export type Section = 'mass' | 'orders' | 'callbacks' | 'seats'
export type Spot = SpotOf<Section>

export const SECTIONS: readonly [Section, ...Section[]] = ['mass', 'orders', 'callbacks', 'seats']
const SPOTS = spotsOf<Section>(SECTIONS)
export const useSpot = SPOTS.use
