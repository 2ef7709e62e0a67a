/** What the fictional brand sells, and where. */
import { weighted } from './random.ts'

export interface GoodsCategory {
  readonly id: string
  readonly en: string
  readonly zh: string
  /** Middle price of one order, in the smallest unit (fen). */
  readonly medianFen: number
  /** How much prices vary: deviation of the logarithm. */
  readonly spread: number
  readonly weight: number
  readonly products: number
}

const goods = (
  id: string,
  en: string,
  zh: string,
  medianYuan: number,
  spread: number,
  weight: number,
  products: number,
): GoodsCategory => ({ id, en, zh, medianFen: medianYuan * 100, spread, weight, products })

export const goodsCategories: readonly GoodsCategory[] = [
  goods('skincare', 'Skincare', '护肤', 238, 0.7, 18, 60),
  goods('makeup', 'Makeup', '彩妆', 168, 0.6, 12, 50),
  goods('baby', 'Baby', '母婴', 219, 0.6, 9, 40),
  goods('apparel', 'Apparel', '服饰', 259, 0.6, 15, 80),
  goods('home', 'Home', '家居', 189, 0.8, 12, 60),
  goods('snacks', 'Snacks', '零食', 69, 0.5, 14, 60),
  goods('coffee', 'Coffee', '咖啡', 88, 0.5, 8, 20),
  goods('outdoor', 'Outdoor', '户外', 349, 0.8, 7, 40),
  goods('digital', 'Digital', '数码', 499, 0.9, 6, 30),
  goods('pets', 'Pets', '宠物', 129, 0.5, 5, 25),
]

export interface SalesChannel {
  readonly id: string
  readonly en: string
  readonly zh: string
  readonly weight: number
}

export const salesChannels: readonly SalesChannel[] = [
  { id: 'app', en: 'App', zh: '应用', weight: 40 },
  { id: 'mini-program', en: 'Mini program', zh: '小程序', weight: 24 },
  { id: 'tmall', en: 'Tmall', zh: '天猫', weight: 18 },
  { id: 'store', en: 'In store', zh: '门店', weight: 12 },
  { id: 'website', en: 'Website', zh: '官网', weight: 6 },
]

export const salesChannelDraw = weighted(salesChannels.map((item) => [item, item.weight]))
