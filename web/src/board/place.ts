import { type Spot as SpotOf, spotsOf } from '../kernel/spot'

export type Section = 'mass' | 'orders' | 'callbacks' | 'seats' | 'coverage' | 'people'
export type Spot = SpotOf<Section>

export const SECTIONS: readonly [Section, ...Section[]] = ['mass', 'orders', 'callbacks', 'seats', 'coverage', 'people']
const SPOTS = spotsOf<Section>(SECTIONS)
export const useSpot = SPOTS.use
