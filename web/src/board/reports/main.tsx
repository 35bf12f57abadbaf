import { deskEn } from '../../kernel/i18n/desk.en'
import { deskZh } from '../../kernel/i18n/desk.zh'
import { dispatchEn } from '../../kernel/i18n/dispatch.en'
import { dispatchZh } from '../../kernel/i18n/dispatch.zh'
import { loadEn } from '../../kernel/i18n/load.en'
import { loadZh } from '../../kernel/i18n/load.zh'
import { mapEn } from '../../kernel/i18n/map.en'
import { mapZh } from '../../kernel/i18n/map.zh'
import { reportsEn } from '../../kernel/i18n/reports.en'
import { reportsZh } from '../../kernel/i18n/reports.zh'
import { mount } from '../../ui/mount'
import { Supervise } from './Supervise'

const words = {
  'zh-CN': { ...dispatchZh, ...deskZh, ...loadZh, ...mapZh, ...reportsZh },
  en: { ...dispatchEn, ...deskEn, ...loadEn, ...mapEn, ...reportsEn },
}

void mount({ roles: ['supervisor', 'admin', 'office', 'auditor'], words }, 'desk', Supervise)
