import { dayEn } from '../kernel/i18n/day.en'
import { dayZh } from '../kernel/i18n/day.zh'
import { evidenceEn } from '../kernel/i18n/evidence.en'
import { evidenceZh } from '../kernel/i18n/evidence.zh'
import { fieldEn } from '../kernel/i18n/field.en'
import { fieldZh } from '../kernel/i18n/field.zh'
import { mount } from '../ui/mount'
import { Field } from './Field'

void mount({ roles: ['responder'], offline: true, words: { 'zh-CN': { ...fieldZh, ...evidenceZh, ...dayZh }, en: { ...fieldEn, ...evidenceEn, ...dayEn } } }, 'field', Field)
