import { describe, expect, it } from 'vitest'
import * as button from '../src/button/words'
import { latest, reached, spoken } from '../src/button/progress'
import { firstLanguage } from '../src/kernel/i18n'
import { accountEn } from '../src/kernel/i18n/account.en'
import { accountZh } from '../src/kernel/i18n/account.zh'
import { authorityEn } from '../src/kernel/i18n/authority.en'
import { authorityZh } from '../src/kernel/i18n/authority.zh'
import { doubtsEn } from '../src/kernel/i18n/doubts.en'
import { doubtsZh } from '../src/kernel/i18n/doubts.zh'
import { dayEn } from '../src/kernel/i18n/day.en'
import { dayZh } from '../src/kernel/i18n/day.zh'
import { deskEn } from '../src/kernel/i18n/desk.en'
import { deskZh } from '../src/kernel/i18n/desk.zh'
import { dispatchEn } from '../src/kernel/i18n/dispatch.en'
import { dispatchZh } from '../src/kernel/i18n/dispatch.zh'
import { en } from '../src/kernel/i18n/en'
import { evidenceEn } from '../src/kernel/i18n/evidence.en'
import { evidenceZh } from '../src/kernel/i18n/evidence.zh'
import { fieldEn } from '../src/kernel/i18n/field.en'
import { fieldZh } from '../src/kernel/i18n/field.zh'
import { loadEn } from '../src/kernel/i18n/load.en'
import { loadZh } from '../src/kernel/i18n/load.zh'
import { familyEn } from '../src/kernel/i18n/family.en'
import { familyZh } from '../src/kernel/i18n/family.zh'
import { mapEn } from '../src/kernel/i18n/map.en'
import { mapZh } from '../src/kernel/i18n/map.zh'
import { registryEn } from '../src/kernel/i18n/registry.en'
import { registryZh } from '../src/kernel/i18n/registry.zh'
import { reportsEn } from '../src/kernel/i18n/reports.en'
import { reportsZh } from '../src/kernel/i18n/reports.zh'
import { servicesEn } from '../src/kernel/i18n/services.en'
import { servicesZh } from '../src/kernel/i18n/services.zh'
import { thingsEn } from '../src/kernel/i18n/things.en'
import { thingsZh } from '../src/kernel/i18n/things.zh'
import { zh } from '../src/kernel/i18n/zh'
import * as wall from '../src/wall/words'

type Tree = { readonly [key: string]: string | Tree }

function flat(tree: Tree, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(`${path}${key}`, value)
    else for (const [deep, text] of flat(value, `${path}${key}/`)) found.set(deep, text)
  }
  return found
}

const holes = (text: string): string[] => [...text.matchAll(/\{\{?(\w+)\}?\}/g)].map(([, name]) => name as string).sort()

describe.each([
  ['screens', flat(zh), flat(en)],
  ['things', flat(thingsZh), flat(thingsEn)],
  ['dispatch', flat(dispatchZh), flat(dispatchEn)],
  ['field', flat(fieldZh), flat(fieldEn)],
  ['load', flat(loadZh), flat(loadEn)],
  ['desk', flat(deskZh), flat(deskEn)],
  ['account', flat(accountZh), flat(accountEn)],
  ['authority', flat(authorityZh), flat(authorityEn)],
  ['doubts', flat(doubtsZh), flat(doubtsEn)],
  ['day', flat(dayZh), flat(dayEn)],
  ['evidence', flat(evidenceZh), flat(evidenceEn)],
  ['family', flat(familyZh), flat(familyEn)],
  ['map', flat(mapZh), flat(mapEn)],
  ['registry', flat(registryZh), flat(registryEn)],
  ['reports', flat(reportsZh), flat(reportsEn)],
  ['services', flat(servicesZh), flat(servicesEn)],
  ['wall', flat(wall.zh), flat(wall.en)],
  ['button', flat(button.zh), flat(button.en)],
])('%s in two languages', (_, source, other) => {
  it('have the same keys', () => expect([...other.keys()].sort()).toEqual([...source.keys()].sort()))
  it('fill the same holes', () => {
    for (const [key, text] of source) expect([key, holes(other.get(key) ?? '')]).toEqual([key, holes(text)])
  })
  it('leave nothing empty', () => {
    for (const [key, text] of [...source, ...other]) expect([key, text.trim()]).not.toEqual([key, ''])
  })
})

describe('language', () => {
  it('is Chinese unless English comes first', () => {
    expect(firstLanguage(['en-GB', 'zh-CN'])).toBe('en')
    expect(firstLanguage(['fr', 'zh-TW'])).toBe('zh-CN')
    expect(firstLanguage([])).toBe('zh-CN')
  })
  it('has Chinese only where it should', () => {
    const chinese = [...flat(en), ...flat(thingsEn), ...flat(dispatchEn), ...flat(fieldEn), ...flat(deskEn), ...flat(dayEn), ...flat(accountEn), ...flat(loadEn), ...flat(evidenceEn), ...flat(mapEn), ...flat(reportsEn), ...flat(servicesEn), ...flat(wall.en)].filter(([, text]) => /[\u4e00-\u9fff]/.test(text))
    expect(chinese).toEqual([])
  })
})

describe('button', () => {
  const receipts = [
    { rev: 1, stage: 'recorded' as const },
    { rev: 3, stage: 'accepted' as const, who: '王护士', eta_s: 400, say: '王护士七分钟到' },
    { rev: 2, stage: 'seen' as const },
  ]
  it('believes the highest revision', () => expect(latest(receipts)?.rev).toBe(3))
  it('knows how far it has come', () => {
    expect(reached(latest(receipts), 'seen')).toBe(true)
    expect(reached(latest(receipts), 'arrived')).toBe(false)
    expect(reached(null, 'recorded')).toBe(false)
  })
  it('speaks the words of the platform, or its own', () => {
    expect(spoken(receipts[1]!, 'zh-CN')).toBe('王护士七分钟到')
    expect(spoken(receipts[1]!, 'en')).toContain('about 7 minutes')
    expect(spoken(receipts[0]!, 'en')).toBe('Received')
  })
})
