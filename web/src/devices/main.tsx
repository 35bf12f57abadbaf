import { thingsEn } from '../kernel/i18n/things.en'
import { thingsZh } from '../kernel/i18n/things.zh'
import { mount } from '../ui/mount'
import { Devices } from './Devices'

const words = { 'zh-CN': thingsZh, en: thingsEn }

void mount({ roles: ['installer', 'desk', 'supervisor', 'admin'], words }, 'desk', Devices)
