/** A small shop with everything that a dataset may have. */
import { gzipSync } from 'node:zlib'

const label = (en: string, zh: string) => ({ en, zh })
const located = { category: 'demographic.location', class: 'S1' }

/** One attribute of every type, tags, contact data, two events from one file, consents. */
export const shop = {
  version: 1,
  name: 'shop',
  timeZone: 'Asia/Shanghai',
  currency: 'CNY',
  parties: {
    notices: [{ id: 'privacy', version: 1, language: 'zh', text: '告知书' }],
    purposes: [
      {
        id: 'marketing',
        label: label('Marketing', '营销'),
        notice: 'privacy',
        children: [{ id: 'marketing.sms', label: label('SMS marketing', '短信营销') }],
      },
    ],
    channels: [{ id: 'sms', label: label('SMS', '短信'), identifierKind: 'mobile' }],
    recipients: [{ id: 'own', label: label('Own brand', '本品牌'), role: 'internal' }],
  },
  customers: {
    file: 'customers.csv',
    id: 'customer_id',
    missing: ['NA', '-1'],
    attributes: {
      city: {
        column: 'city',
        type: 'enum',
        label: label('City', '城市'),
        ...located,
        values: [
          { id: 'shanghai', ...label('Shanghai', '上海'), source: ['上海'] },
          { id: 'beijing', ...label('Beijing', '北京') },
        ],
      },
      channel: {
        column: 'channel',
        type: 'enum',
        label: label('Channel', '渠道'),
        ...located,
        values: 'auto',
      },
      points: { column: 'points', type: 'integer', label: label('Points', '积分'), ...located },
      balance: { column: 'balance', type: 'money', label: label('Balance', '余额'), ...located },
      share: { column: 'share', type: 'percent', label: label('Share', '占比'), ...located },
      score: {
        column: 'score',
        type: 'score',
        low: 1,
        high: 5,
        label: label('Score', '评分'),
        ...located,
      },
      member: { column: 'member', type: 'boolean', label: label('Member', '会员'), ...located },
      joined: { column: 'joined', type: 'date', label: label('Joined', '入会日'), ...located },
      seen: { column: 'seen', type: 'timestamp', label: label('Seen', '最近访问'), ...located },
      birthday: {
        column: 'birth',
        type: 'month-day',
        label: label('Birthday', '生日'),
        ...located,
      },
      interests: {
        column: 'interests',
        type: 'tags',
        separator: '/',
        label: label('Interests', '兴趣'),
      },
    },
    identifiers: { mobile: 'phone', email: 'email' },
    tags: { column: 'tags', separator: '|' },
    birthDate: 'birth',
  },
  events: [
    {
      file: 'lines.csv.gz',
      name: 'purchase',
      label: label('Purchase', '购买'),
      customer: 'customer_id',
      time: 'at',
      id: 'line_no',
      where: { quantity: { '>': 0 } },
      category: 'transaction',
      class: 'S1',
      properties: {
        quantity: { column: 'quantity', type: 'integer', label: label('Quantity', '数量') },
        amount: {
          product: ['quantity', 'price'],
          type: 'money',
          currency: 'GBP',
          scale: 3,
          label: label('Amount', '金额'),
        },
      },
    },
    {
      file: 'lines.csv.gz',
      name: 'return',
      label: label('Return', '退货'),
      customer: 'customer_id',
      time: 'at',
      id: 'line_no',
      where: { quantity: { '<': 0 } },
      category: 'transaction',
      properties: {
        amount: {
          product: ['quantity', 'price'],
          negate: true,
          type: 'money',
          currency: 'GBP',
          scale: 3,
        },
      },
    },
  ],
  consents: [
    {
      file: 'consents.csv',
      columns: {
        subject: 'customer_id',
        purpose: 'purpose',
        channel: 'channel',
        state: 'state',
        effectiveAt: 'at',
      },
      defaults: { categories: ['transaction', 'demographic'], notice: 'privacy', noticeVersion: 1 },
      states: { 是: 'given', 否: 'refused' },
    },
  ],
}

export const files = {
  'customers.csv': `customer_id,city,channel,points,balance,share,score,member,joined,seen,birth,interests,phone,email,tags
001,上海,app,12,10.5,70%,4,是,2024-02-29,2026-01-01 08:00,1990-02-28,coffee/露营,13800138001,a@example.com,vip|新客
002,beijing,web,NA,,0.5,-1,no,2025/1/2,2026-01-01T00:00:00Z,2000-12-31,,13800138002,none,
003,,,,,,,,,,,,,,
`,
  'lines.csv.gz': gzipSync(`line_no,customer_id,at,quantity,price
1,001,2025-05-01 10:00:00,6,2.550
2,001,2025-05-01 10:00:00,-1,2.550
3,002,2025-05-02 10:00:00,2,0.1
4,,2025-05-02 10:00:00,2,9.9
5,001,2025-05-03 10:00:00,0,9.9
`),
  'consents.csv': `customer_id,purpose,channel,state,at
001,marketing,sms,是,2025-01-01T00:00:00Z
002,marketing.sms,sms,否,2025-01-01T00:00:00Z
,marketing,sms,是,2025-01-01T00:00:00Z
`,
}
