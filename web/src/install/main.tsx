import { familyEn } from '../kernel/i18n/family.en'
import { familyZh } from '../kernel/i18n/family.zh'
import { thingsEn } from '../kernel/i18n/things.en'
import { thingsZh } from '../kernel/i18n/things.zh'
import { mount } from '../ui/mount'
import { Install } from './Install'

const words = { 'zh-CN': { ...thingsZh, ...familyZh }, en: { ...thingsEn, ...familyEn } }

void mount({ roles: ['installer', 'desk', 'supervisor', 'admin'], words }, 'field', Install)
