/** Words for the categories of data that catalogues name; one that is not here is shown by its id. */

export const categoryLabels: Readonly<
  Record<string, { readonly en: string; readonly zh: string }>
> = {
  'behaviour.browsing': { en: 'Browsing', zh: '浏览行为' },
  'behaviour.engagement': { en: 'Engagement', zh: '互动行为' },
  'demographic.age': { en: 'Age', zh: '年龄' },
  'demographic.gender': { en: 'Gender', zh: '性别' },
  'demographic.location': { en: 'Place', zh: '所在地' },
  'health.pharmacy': { en: 'Pharmacy', zh: '药房购买' },
  'health.skin': { en: 'Skin condition', zh: '皮肤状况' },
  'inference.income': { en: 'Income estimate', zh: '收入推断' },
  'inference.score': { en: 'Scores', zh: '推断评分' },
  loyalty: { en: 'Membership', zh: '会员权益' },
  preference: { en: 'Preferences', zh: '偏好' },
  reachability: { en: 'Reachability', zh: '可触达性' },
  service: { en: 'Service', zh: '客户服务' },
  transaction: { en: 'Purchases', zh: '交易记录' },
}
