import { deskEn } from '../kernel/i18n/desk.en'
import { deskZh } from '../kernel/i18n/desk.zh'
import { dispatchEn } from '../kernel/i18n/dispatch.en'
import { dispatchZh } from '../kernel/i18n/dispatch.zh'
import { evidenceEn } from '../kernel/i18n/evidence.en'
import { evidenceZh } from '../kernel/i18n/evidence.zh'
import { loadEn } from '../kernel/i18n/load.en'
import { loadZh } from '../kernel/i18n/load.zh'
import { mount } from '../ui/mount'
import { Desk } from './Desk'

const words = { 'zh-CN': { ...dispatchZh, ...deskZh, ...evidenceZh, ...loadZh }, en: { ...dispatchEn, ...deskEn, ...evidenceEn, ...loadEn } }

void mount({ roles: ['desk', 'supervisor', 'admin'], words }, 'desk', Desk)
