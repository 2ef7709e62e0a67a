/** The catalogue of the demo world: every word of the documentation's examples is in it. */
import type { AttributeDraft, CatalogDraft, EventDraft, PropertyDraft } from '../catalog/index.ts'
import { goodsCategories, salesChannels } from './goods.ts'
import { cities, isMunicipality, provinces, stores } from './places.ts'

type Type = AttributeDraft['type']

const label = (en: string, zh: string) => ({ en, zh })

const named = (
  items: readonly { readonly id: string; readonly en: string; readonly zh: string }[],
) => items.map(({ id, en, zh }) => ({ id, label: { en, zh } }))

const values = (...items: readonly (readonly [id: string, en: string, zh: string])[]): Type => ({
  kind: 'enum',
  values: items.map(([id, en, zh]) => ({ id, label: { en, zh } })),
})

const yuan: Type = { kind: 'money', currency: 'CNY', scale: 2 }
const score: Type = { kind: 'score', low: 1, high: 5 }
const cityType: Type = { kind: 'enum', values: named(cities) }
const storeType: Type = { kind: 'enum', values: named(stores) }
const goodsType: Type = { kind: 'enum', values: named(goodsCategories) }
const salesType: Type = { kind: 'enum', values: named(salesChannels) }

/** Provinces, the cities below them, and the municipalities beside them. */
const regionType: Type = {
  kind: 'region',
  values: [
    ...provinces.map(({ code, en, zh }) => ({ id: code, label: { en, zh } })),
    ...cities.map(({ code, en, zh }) =>
      isMunicipality(code)
        ? { id: code, label: { en, zh: `${zh}市` } }
        : {
            id: code,
            label: { en, zh: `${zh}市` },
            parent: `${code.slice(0, 2)}0000`,
          },
    ),
  ],
}

const attribute = (
  id: string,
  [en, zh]: readonly [string, string],
  category: string,
  type: Type,
): AttributeDraft => ({ id, label: { en, zh }, category, type })

const attributes: readonly AttributeDraft[] = [
  attribute('city', ['City', '城市'], 'demographic.location', cityType),
  attribute('region', ['Region', '地区'], 'demographic.location', regionType),
  attribute('home_city', ['Home city', '常驻城市'], 'demographic.location', cityType),
  attribute('shipping_city', ['Shipping city', '收货城市'], 'demographic.location', cityType),
  attribute('age', ['Age', '年龄'], 'demographic.age', { kind: 'integer' }),
  attribute('birthday', ['Birthday', '生日'], 'demographic.age', { kind: 'month-day' }),
  attribute(
    'gender',
    ['Gender', '性别'],
    'demographic.gender',
    values(['female', 'Female', '女'], ['male', 'Male', '男']),
  ),
  attribute('registered_at', ['Registered at', '注册时间'], 'loyalty', { kind: 'timestamp' }),
  attribute(
    'tier',
    ['Member tier', '会员等级'],
    'loyalty',
    values(
      ['regular', 'Regular', '普通会员'],
      ['silver', 'Silver', '银卡'],
      ['gold', 'Gold', '金卡'],
      ['platinum', 'Platinum', '白金卡'],
    ),
  ),
  attribute('points', ['Points balance', '积分余额'], 'loyalty', { kind: 'integer' }),
  attribute('store', ['Preferred store', '常去门店'], 'preference', storeType),
  attribute(
    'stage',
    ['Lifecycle stage', '生命周期阶段'],
    'inference.score',
    values(
      ['new', 'New', '新客期'],
      ['active', 'Active', '活跃期'],
      ['dormant', 'Dormant', '沉睡期'],
      ['churned', 'Churned', '流失期'],
    ),
  ),
  attribute('r_score', ['R score', 'R 分'], 'inference.score', score),
  attribute('f_score', ['F score', 'F 分'], 'inference.score', score),
  attribute('m_score', ['M score', 'M 分'], 'inference.score', score),
  attribute('clv', ['CLV', '客户终身价值'], 'inference.score', yuan),
  attribute('churn', ['Churn probability', '流失概率'], 'inference.score', { kind: 'percent' }),
  attribute(
    'income',
    ['Income band', '收入区间'],
    'inference.income',
    values(['low', 'Low', '低'], ['middle', 'Middle', '中'], ['high', 'High', '高']),
  ),
  attribute('phone_verified', ['Phone verified', '手机号已验证'], 'reachability', {
    kind: 'boolean',
  }),
  attribute(
    'skin_concern',
    ['Skin condition', '皮肤状况'],
    'health.skin',
    values(
      ['sensitive', 'Sensitive', '敏感肌'],
      ['eczema', 'Eczema', '湿疹'],
      ['acne', 'Acne', '痤疮'],
    ),
  ),
]

const property = (id: string, [en, zh]: readonly [string, string], type: Type): PropertyDraft => ({
  id,
  label: { en, zh },
  type,
})

const amount = property('amount', ['Amount', '实付金额'], yuan)
const goods = property('category', ['Category', '品类'], goodsType)
const channel = property('channel', ['Channel', '渠道来源'], salesType)
const store = property('store', ['Store', '门店'], storeType)
const sku = property('sku', ['SKU', '商品编号'], { kind: 'text' })
const items = property('items', ['Items', '件数'], { kind: 'integer' })
const messageChannel = property(
  'message_channel',
  ['Message channel', '触达渠道'],
  values(
    ['sms', 'SMS', '短信'],
    ['email', 'Email', '邮件'],
    ['wecom', 'WeCom', '企业微信'],
    ['push', 'App push', '应用推送'],
  ),
)

const event = (
  id: string,
  [en, zh]: readonly [string, string],
  category: string,
  properties: readonly PropertyDraft[],
): EventDraft => ({ id, label: { en, zh }, category, properties, retentionDays: 1_100 })

const events: readonly EventDraft[] = [
  event('signed_up', ['Signed up', '注册'], 'loyalty', [channel]),
  event('app_opened', ['App opened', '打开应用'], 'behaviour.engagement', []),
  event('product_viewed', ['Product viewed', '浏览商品'], 'behaviour.browsing', [
    goods,
    channel,
    sku,
  ]),
  event('add_to_cart', ['Add to cart', '加入购物车'], 'behaviour.browsing', [
    amount,
    goods,
    channel,
    sku,
  ]),
  event('order_paid', ['Order paid', '支付订单'], 'transaction', [
    amount,
    items,
    goods,
    channel,
    store,
    sku,
  ]),
  event('refund', ['Refund', '退款'], 'transaction', [amount, goods]),
  event('coupon_received', ['Coupon received', '领取优惠券'], 'behaviour.engagement', [
    property('face_value', ['Face value', '券面额'], yuan),
  ]),
  event('coupon_used', ['Coupon used', '使用优惠券'], 'transaction', [
    property('face_value', ['Face value', '券面额'], yuan),
  ]),
  event('message_sent', ['Message sent', '触达消息'], 'behaviour.engagement', [messageChannel]),
]

const tag = (id: string, [en, zh]: readonly [string, string], category: string) => ({
  id,
  label: { en, zh },
  category,
})

export const demoCatalog: CatalogDraft = {
  categories: [
    { id: 'demographic.location', label: label('Place', '所在地'), dataClass: 'S1' },
    { id: 'demographic.age', label: label('Age', '年龄'), dataClass: 'S1' },
    { id: 'demographic.gender', label: label('Gender', '性别'), dataClass: 'S1' },
    { id: 'transaction', label: label('Purchases', '交易记录'), dataClass: 'S1' },
    { id: 'behaviour.browsing', label: label('Browsing', '浏览行为'), dataClass: 'S1' },
    { id: 'behaviour.engagement', label: label('Engagement', '互动行为'), dataClass: 'S1' },
    { id: 'loyalty', label: label('Membership', '会员权益'), dataClass: 'S1' },
    { id: 'preference', label: label('Preferences', '偏好'), dataClass: 'S1' },
    { id: 'inference.score', label: label('Scores', '推断评分'), dataClass: 'S1' },
    { id: 'inference.income', label: label('Income estimate', '收入推断'), dataClass: 'S1' },
    { id: 'service', label: label('Service', '客户服务'), dataClass: 'S1' },
    { id: 'health.skin', label: label('Skin condition', '皮肤状况'), dataClass: 'S2' },
    { id: 'health.pharmacy', label: label('Pharmacy', '药房购买'), dataClass: 'S2' },
    { id: 'reachability', label: label('Reachability', '可触达性'), dataClass: 'S0' },
  ],
  attributes,
  events,
  tags: [
    tag('camping', ['Loves camping', '爱露营'], 'preference'),
    tag('coffee', ['Coffee lover', '咖啡爱好者'], 'preference'),
    tag('new_mother', ['New mother', '新手妈妈'], 'inference.score'),
    tag('complained', ['Complained recently', '近期投诉'], 'service'),
    tag('bargain', ['Bargain hunter', '优惠敏感'], 'preference'),
    tag('night_owl', ['Night owl', '夜间活跃'], 'behaviour.engagement'),
    tag('pet_owner', ['Pet owner', '养宠人群'], 'preference'),
    tag('staff', ['Staff', '内部员工'], 'loyalty'),
    tag('pharmacy', ['Pharmacy customer', '药房顾客'], 'health.pharmacy'),
  ],
}
