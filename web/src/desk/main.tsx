import { dispatchEn } from '../kernel/i18n/dispatch.en'
import { dispatchZh } from '../kernel/i18n/dispatch.zh'
import { mount } from '../ui/mount'
import { Desk } from './Desk'

const words = { 'zh-CN': dispatchZh, en: dispatchEn }

void mount({ roles: ['desk', 'supervisor', 'admin'], words }, 'desk', Desk)
