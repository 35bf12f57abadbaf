import { addWords } from '../kernel/i18n'
import { mapEn } from '../kernel/i18n/map.en'
import { mapZh } from '../kernel/i18n/map.zh'

addWords({ 'zh-CN': mapZh, en: mapEn })

export { MapPane, type MapPaneProps } from './MapPane'
export { Coverage } from './Coverage'
export { Retold } from './Retold'
