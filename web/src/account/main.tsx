import { accountEn } from '../kernel/i18n/account.en'
import { accountZh } from '../kernel/i18n/account.zh'
import { mount } from '../ui/mount'
import { AccountPage } from './AccountPage'

const words = { 'zh-CN': accountZh, en: accountEn }
const roles = ['responder', 'desk', 'supervisor', 'admin', 'installer', 'office', 'auditor', 'security']

void mount({ roles, words }, 'desk', AccountPage)
