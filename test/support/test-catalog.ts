/** A small fixed catalogue with every type of value, for random rules and hand-written cases. */
import type {
  CatalogAttribute,
  CatalogEvent,
  EnumValue,
  RuleCatalog,
  ValueType,
} from '../../grammar/check/catalog.ts'

const value = (id: string, en: string, zh: string): EnumValue => ({ id, label: { en, zh } })

const cities = [
  value('shanghai', 'Shanghai', '上海'),
  value('hangzhou', 'Hangzhou', '杭州'),
  value('beijing', 'Beijing', '北京'),
]
const shops = [
  value('app', 'App', '应用'),
  value('tmall', 'Tmall', '天猫'),
  value('store', 'Store', '门店'),
]

export const cny: ValueType = { kind: 'money', currency: 'CNY', scale: 2 }
/** Three decimals, as the real transactions have them. */
export const gbp: ValueType = { kind: 'money', currency: 'GBP', scale: 3 }

const attribute = (
  id: string,
  en: string,
  zh: string,
  type: ValueType,
  category = 'demographic.basic',
): CatalogAttribute => ({ id, label: { en, zh }, type, category, dataClass: 'S1' })

const attributes: readonly CatalogAttribute[] = [
  attribute('age', 'Age', '年龄', { kind: 'integer' }),
  attribute('children', 'Children', '子女数', { kind: 'integer' }),
  attribute('height', 'Height', '身高', { kind: 'decimal' }),
  attribute('lifetime_value', 'CLV', '客户终身价值', cny, 'inference.value'),
  attribute('spend_limit', 'Spend limit', '消费上限', cny, 'transaction.limits'),
  attribute('churn', 'Churn probability', '流失概率', { kind: 'percent' }, 'inference.churn'),
  attribute('r_score', 'R score', 'R 分', { kind: 'score', low: 1, high: 5 }, 'inference.rfm'),
  attribute('nickname', 'Nickname', '昵称', { kind: 'text' }),
  attribute('motto', 'Motto', '签名', { kind: 'text' }),
  attribute('home_city', 'Home city', '常驻城市', { kind: 'enum', values: cities }),
  attribute('shipping_city', 'Shipping city', '收货城市', { kind: 'enum', values: cities }),
  attribute('verified', 'Phone verified', '手机号已验证', { kind: 'boolean' }),
  attribute('region', 'Region', '地区', {
    kind: 'region',
    values: [
      value('330000', 'Zhejiang', '浙江省'),
      { ...value('330100', 'Hangzhou', '杭州市'), parent: '330000' },
      { ...value('330106', 'Xihu', '西湖区'), parent: '330100' },
      value('310000', 'Shanghai', '上海市'),
    ],
  }),
  attribute('joined_on', 'Joined on', '入会日期', { kind: 'date' }),
  attribute('expires_on', 'Expires on', '会员到期日', { kind: 'date' }),
  attribute('registered_at', 'Registered at', '注册时间', { kind: 'timestamp' }),
  attribute('updated_at', 'Updated at', '更新时间', { kind: 'timestamp' }),
  attribute('birthday', 'Birthday', '生日', { kind: 'month-day' }),
]

const events: readonly CatalogEvent[] = [
  {
    id: 'order_paid',
    label: { en: 'Order paid', zh: '支付订单' },
    category: 'transaction.orders',
    dataClass: 'S1',
    properties: [
      { id: 'amount', label: { en: 'Amount', zh: '实付金额' }, type: cny },
      { id: 'list_price', label: { en: 'List price', zh: '原价' }, type: cny },
      { id: 'quantity', label: { en: 'Quantity', zh: '件数' }, type: { kind: 'integer' } },
      { id: 'weight', label: { en: 'Weight', zh: '重量' }, type: { kind: 'decimal' } },
      { id: 'discount', label: { en: 'Discount', zh: '折扣率' }, type: { kind: 'percent' } },
      {
        id: 'shop',
        label: { en: 'Shop', zh: '渠道来源' },
        type: { kind: 'enum', values: shops },
      },
      { id: 'product', label: { en: 'Product', zh: '商品' }, type: { kind: 'text' } },
      { id: 'gift', label: { en: 'Gift', zh: '礼品' }, type: { kind: 'boolean' } },
      { id: 'ships_on', label: { en: 'Ships on', zh: '发货日期' }, type: { kind: 'date' } },
    ],
  },
  {
    id: 'app_opened',
    label: { en: 'App opened', zh: '打开应用' },
    category: 'behaviour.app',
    dataClass: 'S1',
    properties: [
      {
        id: 'platform',
        label: { en: 'Platform', zh: '平台' },
        type: {
          kind: 'enum',
          values: [value('ios', 'iOS', 'iOS'), value('android', 'Android', '安卓')],
        },
      },
      { id: 'seconds', label: { en: 'Seconds', zh: '时长' }, type: { kind: 'integer' } },
    ],
  },
  {
    id: 'coupon_received',
    label: { en: 'Coupon received', zh: '领取优惠券' },
    category: 'behaviour.coupons',
    dataClass: 'S1',
    properties: [
      { id: 'code', label: { en: 'Code', zh: '券码' }, type: { kind: 'text' } },
      { id: 'face_value', label: { en: 'Face value', zh: '面额' }, type: gbp },
      {
        id: 'valid_until',
        label: { en: 'Valid until', zh: '有效期' },
        type: { kind: 'timestamp' },
      },
    ],
  },
]

export const testCatalog: RuleCatalog = {
  version: 'test-1',
  timeZone: 'Asia/Shanghai',
  currency: 'CNY',
  attributes,
  events,
  tags: [
    {
      id: 'camping',
      label: { en: 'Loves camping', zh: '爱露营' },
      category: 'interest.outdoor',
      dataClass: 'S1',
    },
    {
      id: 'coffee',
      label: { en: 'Coffee lover', zh: '咖啡爱好者' },
      category: 'interest.food',
      dataClass: 'S1',
    },
    {
      id: 'complained',
      label: { en: 'Complained recently', zh: '近期投诉' },
      category: 'service.complaints',
      dataClass: 'S1',
    },
  ],
  purposes: [
    { id: 'marketing.winback', label: { en: 'Win-back marketing', zh: '唤回营销' } },
    { id: 'marketing.general', label: { en: 'General marketing', zh: '一般营销' } },
  ],
  channels: [
    { id: 'sms', label: { en: 'SMS', zh: '短信' } },
    { id: 'wecom', label: { en: 'WeCom', zh: '企业微信' } },
  ],
  recipients: [
    { id: 'own_brand', label: { en: 'Own brand', zh: '本品牌' } },
    { id: 'agency', label: { en: 'Agency', zh: '代理商' } },
  ],
  audiences: [
    { id: 'staff', label: { en: 'Staff', zh: '内部员工' } },
    { id: 'buyers', label: { en: 'Double-11 buyers', zh: '双11老客' } },
  ],
}
