import { type Spot as SpotOf, spotsOf } from '../kernel/spot'

export type Section = 'mass' | 'orders' | 'callbacks' | 'seats' | 'coverage'
export type Spot = SpotOf<Section>

export const SECTIONS: readonly [Section, ...Section[]] = ['mass', 'orders', 'callbacks', 'seats', 'coverage']
const SPOTS = spotsOf<Section>(SECTIONS)
export const useSpot = SPOTS.use
