export const zh = {
  title: '银铃 · 按一下',
  lead: '这就是老人床头的那个按钮。选一位老人，按下去，看看会发生什么。',
  who: '哪位老人的按钮',
  kind: '什么事',
  sos: '紧急呼叫',
  fall: '跌倒',
  smoke: '烟雾报警',
  press: '求助',
  pressHint: '按下求助按钮',
  again: '再按一次',
  sending: '正在呼叫…',
  attempts: '已发送 {n} 次',
  recorded: '已收到',
  seen: '值班员看到了',
  accepted: '有人来了',
  coming: '{who}正在赶来，约 {n} 分钟到',
  came: '{who}来了',
  arrived: '已到门口',
  closed: '这次求助已结束',
  waiting: '等待中',
  aloud: '读出来',
  failed: '没有按成，请再按一次。',
  none: '没有可以按的设备，模拟程序可能没有启动。',
  progress: '求助进展',
  other: 'English',
  search: '查找',
}

export const en: Record<keyof typeof zh, string> = {
  title: 'Yinling · press it',
  lead: "This is the button beside an elder's bed. Choose an elder, press it, and watch what happens.",
  who: 'Whose button',
  kind: 'What for',
  sos: 'SOS call',
  fall: 'Fall',
  smoke: 'Smoke alarm',
  press: 'Help',
  pressHint: 'Press for help',
  again: 'Press again',
  sending: 'Calling…',
  attempts: 'Sent {n}×',
  recorded: 'Received',
  seen: 'Someone on duty has seen it',
  accepted: 'Someone is coming',
  coming: '{who} is coming, about {n} minutes',
  came: '{who} came',
  arrived: 'At the door',
  closed: 'This call for help is over',
  waiting: 'waiting',
  aloud: 'Read aloud',
  failed: 'That did not work. Please press again.',
  none: 'There is no device to press; the simulator may not be running.',
  progress: 'What becomes of it',
  other: '中文',
  search: 'Find',
}

export type Word = keyof typeof zh
export type Lang = 'zh-CN' | 'en'

export function words(lang: Lang): (word: Word, params?: Record<string, string | number>) => string {
  const table = lang === 'en' ? en : zh
  return (word, params = {}) => table[word].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
}
