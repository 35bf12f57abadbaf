import { addWords } from '../../kernel/i18n'
import { authorityEn } from '../../kernel/i18n/authority.en'
import { authorityZh } from '../../kernel/i18n/authority.zh'
import { doubtsEn } from '../../kernel/i18n/doubts.en'
import { doubtsZh } from '../../kernel/i18n/doubts.zh'
import './authority.css'

addWords({ 'zh-CN': authorityZh, en: authorityEn })
addWords({ 'zh-CN': doubtsZh, en: doubtsEn })

export { Aid } from './Aid'
export { Complaints } from './Complaints'
export { Doubts } from './Doubts'
export { Duty } from './Duty'
export { Hazards } from './Hazards'
export { MonthTable } from './MonthTable'
export { Openings } from './Openings'
export { Reads } from './Reads'
export { Reveal } from './Reveal'
