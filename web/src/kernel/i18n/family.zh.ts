/** Words of complaints and of consents that a worker writes down. */
export const familyZh = {
  kin: {
    complaints: '投诉待答复',
    due: '{{time}} 前答复',
    overdue: '已超期',
    answer: '答复',
    answerTitle: '答复投诉',
    answerText: '写给家人的答复',
    letIn: '让家人也能看',
    asked: '老人怎么同意的',
    who: '是老人的什么人',
    may: '老人同意他可以',
    purpose: '只用于照护这位老人，老人随时可以收回。请把这几句念给老人听。',
    make: '记下同意，生成授权码',
    code: '请把这 8 个数字告诉家人，在 {{page}} 登录后填写。一天内有效，只能用一次。',
    another: '再记一位家人',
    how: { in_person: '当面', telephone: '电话中', paper: '书面' },
    sees: { devices: '看设备、做测试', orders: '替老人订服务', health: '看病史和处理记录' },
    relation: {
      daughter: '女儿', son: '儿子', spouse: '配偶', daughter_in_law: '儿媳', son_in_law: '女婿', grandchild: '孙辈',
      sibling: '兄弟姐妹', relative: '亲戚', friend: '朋友',
    },
  },
}
