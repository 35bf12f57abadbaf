import { dispatchEn } from '../kernel/i18n/dispatch.en'
import { dispatchZh } from '../kernel/i18n/dispatch.zh'
import { familyEn } from '../kernel/i18n/family.en'
import { familyZh } from '../kernel/i18n/family.zh'
import { mount } from '../ui/mount'
import { Board } from './Board'

const words = { 'zh-CN': { ...dispatchZh, ...familyZh }, en: { ...dispatchEn, ...familyEn } }

void mount({ roles: ['desk', 'supervisor', 'admin'], words }, 'desk', Board)
