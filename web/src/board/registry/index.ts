import { addWords } from '../../kernel/i18n'
import { registryEn } from '../../kernel/i18n/registry.en'
import { registryZh } from '../../kernel/i18n/registry.zh'
import './registry.css'

addWords({ 'zh-CN': registryZh, en: registryEn })

export { Elders } from './Elders'
export { Lists } from './Lists'
export { Record } from './Record'
