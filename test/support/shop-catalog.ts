/** The catalogue of a retail shop, with the names that the example rules use. */
import type {
  CatalogAttribute,
  CatalogEvent,
  CatalogName,
  CatalogProperty,
  DataClass,
  EnumValue,
  RuleCatalog,
  ValueType,
} from '#grammar'

const named = (id: string, en: string, zh: string): CatalogName => ({ id, label: { en, zh } })

const valuesOf = (...values: readonly (readonly [string, string, string])[]): EnumValue[] =>
  values.map(([id, en, zh]) => named(id, en, zh))

const cities = valuesOf(
  ['shanghai', 'Shanghai', '上海'],
  ['hangzhou', 'Hangzhou', '杭州'],
  ['beijing', 'Beijing', '北京'],
)
const city: ValueType = { kind: 'enum', values: cities }
const cny: ValueType = { kind: 'money', currency: 'CNY', scale: 2 }
const score: ValueType = { kind: 'score', low: 1, high: 5 }

const attribute = (
  id: string,
  en: string,
  zh: string,
  type: ValueType,
  category: string | undefined = 'demographic.basic',
  dataClass: DataClass = 'S1',
): CatalogAttribute => ({
  ...named(id, en, zh),
  type,
  dataClass,
  ...(category === '' ? {} : { category }),
})

const attributes: readonly CatalogAttribute[] = [
  attribute('age', 'Age', '年龄', { kind: 'integer' }),
  attribute('gender', 'Gender', '性别', {
    kind: 'enum',
    values: valuesOf(['female', 'Female', '女'], ['male', 'Male', '男']),
  }),
  attribute('city', 'City', '城市', city, 'demographic.location'),
  attribute('home_city', 'Home city', '常驻城市', city, 'demographic.location'),
  attribute('shipping_city', 'Shipping city', '收货城市', city, 'demographic.location'),
  attribute(
    'region',
    'Region',
    '地区',
    {
      kind: 'region',
      values: [
        named('330000', 'Zhejiang', '浙江省'),
        { ...named('330100', 'Hangzhou', '杭州市'), parent: '330000' },
        { ...named('330106', 'Xihu', '西湖区'), parent: '330100' },
        named('310000', 'Shanghai', '上海市'),
      ],
    },
    'demographic.location',
  ),
  attribute('tier', 'Member tier', '会员等级', {
    kind: 'enum',
    values: valuesOf(['gold', 'Gold', '金卡'], ['platinum', 'Platinum', '白金卡']),
  }),
  attribute('stage', 'Lifecycle stage', '生命周期阶段', {
    kind: 'enum',
    values: valuesOf(
      ['active', 'Active', '活跃期'],
      ['dormant', 'Dormant', '沉睡期'],
      ['churned', 'Churned', '流失期'],
    ),
  }),
  attribute('r', 'R score', 'R 分', score, 'inference.rfm'),
  attribute('f', 'F score', 'F 分', score, 'inference.rfm'),
  attribute('clv', 'CLV', '客户终身价值', cny, 'inference.value'),
  attribute('limit', 'Spend limit', '消费上限', cny, 'transaction.limits'),
  attribute('churn', 'Churn probability', '流失概率', { kind: 'percent' }, 'inference.churn'),
  attribute('height', 'Height', '身高', { kind: 'decimal' }),
  attribute('nickname', 'Nickname', '昵称', { kind: 'text' }),
  attribute('phone_verified', 'Phone verified', '手机号已验证', { kind: 'boolean' }),
  attribute('birthday', 'Birthday', '生日', { kind: 'month-day' }),
  attribute('joined', 'Joined on', '入会日期', { kind: 'date' }),
  attribute('registered', 'Registered at', '注册时间', { kind: 'timestamp' }),
  attribute('unlabelled', 'Mystery', '神秘属性', { kind: 'integer' }, ''),
  attribute('mobile', 'Mobile', '手机号', { kind: 'text' }, 'identity.contact', 'ID'),
  attribute('illness', 'Illness', '病史', { kind: 'text' }, 'sensitive.medical', 'S4'),
]

const property = (id: string, en: string, zh: string, type: ValueType): CatalogProperty => ({
  ...named(id, en, zh),
  type,
})

const orderProperties: readonly CatalogProperty[] = [
  property('amount', 'Amount', '实付金额', cny),
  property('list_price', 'List price', '原价', cny),
  property('quantity', 'Quantity', '件数', { kind: 'integer' }),
  property('category', 'Category', '品类', {
    kind: 'enum',
    values: valuesOf(['skincare', 'Skincare', '护肤'], ['baby', 'Baby', '母婴']),
  }),
  property('channel', 'Channel', '渠道来源', {
    kind: 'enum',
    values: valuesOf(['app', 'App', '应用'], ['tmall', 'Tmall', '天猫']),
  }),
  property('product', 'Product', '商品', { kind: 'text' }),
  property('ships_on', 'Ships on', '发货日期', { kind: 'date' }),
]

const event = (
  id: string,
  en: string,
  zh: string,
  properties: readonly CatalogProperty[] = [],
  category = 'behaviour.visits',
): CatalogEvent => ({ ...named(id, en, zh), properties, category, dataClass: 'S1' })

const events: readonly CatalogEvent[] = [
  event('paid', 'Order paid', '支付订单', orderProperties, 'transaction.orders'),
  event('refund', 'Refund', '退款', orderProperties.slice(0, 1), 'transaction.orders'),
  event('cart', 'Add to cart', '加入购物车'),
  event('view', 'Product viewed', '浏览商品'),
  { ...event('login', 'App opened', '打开应用'), retentionDays: 400 },
  event('coupon', 'Coupon received', '领取优惠券', [], 'behaviour.coupons'),
  event('message', 'Message sent', '触达消息', [], 'service.messages'),
  { ...named('raw', 'Raw event', '原始事件'), properties: [] },
]

export const shopCatalog: RuleCatalog = {
  version: 'shop-1',
  timeZone: 'Asia/Shanghai',
  currency: 'CNY',
  attributes,
  events,
  tags: [
    { ...named('camping', 'Loves camping', '爱露营'), category: 'interest.outdoor' },
    { ...named('coffee', 'Coffee lover', '咖啡爱好者'), category: 'interest.food' },
    { ...named('complained', 'Complained recently', '近期投诉'), category: 'service.complaints' },
  ],
  purposes: [
    named('winback', 'Win-back marketing', '唤回营销'),
    named('birthday_care', 'Birthday care', '生日关怀'),
  ],
  channels: [named('sms', 'SMS', '短信'), named('wecom', 'WeCom', '企业微信')],
  recipients: [named('own', 'Own brand', '本品牌'), named('partner', 'Partner', '合作伙伴')],
  audiences: [
    named('vip', 'VIP 2026', '2026 会员'),
    named('double11', 'Double-11 buyers', '双11老客'),
    named('staff', 'Staff', '内部员工'),
  ],
}
