import { dispatchEn } from '../kernel/i18n/dispatch.en'
import { dispatchZh } from '../kernel/i18n/dispatch.zh'
import { mount } from '../ui/mount'
import { Board } from './Board'

const words = { 'zh-CN': dispatchZh, en: dispatchEn }

void mount({ roles: ['desk', 'supervisor', 'admin'], words }, 'desk', Board)
