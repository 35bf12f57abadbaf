import { addWords } from '../../kernel/i18n'
import { servicesEn } from '../../kernel/i18n/services.en'
import { servicesZh } from '../../kernel/i18n/services.zh'

addWords({ 'zh-CN': servicesZh, en: servicesEn })

export { Services } from './Services'
