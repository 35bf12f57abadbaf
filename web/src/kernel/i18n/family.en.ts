import type { familyZh } from './family.zh'
import type { Words } from './words'

export const familyEn: Words<typeof familyZh> = {
  kin: {
    complaints: 'Complaints to be answered',
    due: 'answer by {{time}}',
    overdue: 'overdue',
    answer: 'Answer',
    answerTitle: 'Answer the complaint',
    answerText: 'What the family will read',
    letIn: 'Let the family see too',
    asked: 'How the elder agreed',
    who: 'Who it is to the elder',
    may: 'The elder agrees that they may',
    purpose: 'Only to care for this elder, who can take it back at any time. Please read this out to the elder.',
    make: 'Write the consent down, make a code',
    code: 'Tell the family these 8 digits, to be entered at {{page}} after logging in. Good for one day, and once.',
    another: 'Another of the family',
    how: { in_person: 'in person', telephone: 'on the telephone', paper: 'on paper' },
    sees: { devices: 'see and test devices', orders: 'order services', health: 'see illnesses and notes' },
    relation: {
      daughter: 'daughter', son: 'son', spouse: 'husband or wife', daughter_in_law: 'daughter-in-law', son_in_law: 'son-in-law',
      grandchild: 'grandchild', sibling: 'brother or sister', relative: 'relative', friend: 'friend',
    },
  },
}
