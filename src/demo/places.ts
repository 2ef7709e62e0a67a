/** Where the fictional customers live: provinces and cities after GB/T 2260, and the brand's invented stores. */
import { weighted } from './random.ts'

export interface City {
  readonly id: string
  readonly en: string
  readonly zh: string
  /** GB/T 2260 code of the city, or of a municipality. */
  readonly code: string
  readonly weight: number
  readonly stores: number
}

const city = (
  id: string,
  zh: string,
  code: string,
  weight: number,
  stores: number,
  en = id.slice(0, 1).toUpperCase() + id.slice(1),
): City => ({ id, en, zh, code, weight, stores })

export const cities: readonly City[] = [
  city('shanghai', '上海', '310000', 16, 4),
  city('beijing', '北京', '110000', 13, 3),
  city('shenzhen', '深圳', '440300', 9, 3),
  city('guangzhou', '广州', '440100', 9, 3),
  city('hangzhou', '杭州', '330100', 9, 3),
  city('chengdu', '成都', '510100', 7, 2),
  city('chongqing', '重庆', '500000', 6, 2),
  city('wuhan', '武汉', '420100', 5, 2),
  city('nanjing', '南京', '320100', 5, 2),
  city('suzhou', '苏州', '320500', 4, 1),
  city('xian', '西安', '610100', 4, 1, "Xi'an"),
  city('tianjin', '天津', '120000', 3, 1),
  city('ningbo', '宁波', '330200', 3, 1),
  city('wenzhou', '温州', '330300', 2, 0),
  city('changsha', '长沙', '430100', 3, 1),
  city('qingdao', '青岛', '370200', 3, 1),
  city('jinan', '济南', '370100', 2, 0),
  city('xiamen', '厦门', '350200', 2, 1),
  city('fuzhou', '福州', '350100', 2, 0),
  city('dongguan', '东莞', '441900', 2, 0),
  city('foshan', '佛山', '440600', 2, 0),
  city('zhengzhou', '郑州', '410100', 2, 1),
  city('hefei', '合肥', '340100', 2, 0),
  city('shenyang', '沈阳', '210100', 2, 0),
  city('kunming', '昆明', '530100', 1.5, 0),
]

export const provinces: readonly {
  readonly code: string
  readonly en: string
  readonly zh: string
}[] = [
  { code: '210000', en: 'Liaoning', zh: '辽宁省' },
  { code: '320000', en: 'Jiangsu', zh: '江苏省' },
  { code: '330000', en: 'Zhejiang', zh: '浙江省' },
  { code: '340000', en: 'Anhui', zh: '安徽省' },
  { code: '350000', en: 'Fujian', zh: '福建省' },
  { code: '370000', en: 'Shandong', zh: '山东省' },
  { code: '410000', en: 'Henan', zh: '河南省' },
  { code: '420000', en: 'Hubei', zh: '湖北省' },
  { code: '430000', en: 'Hunan', zh: '湖南省' },
  { code: '440000', en: 'Guangdong', zh: '广东省' },
  { code: '510000', en: 'Sichuan', zh: '四川省' },
  { code: '530000', en: 'Yunnan', zh: '云南省' },
  { code: '610000', en: 'Shaanxi', zh: '陕西省' },
]

/** Shanghai, Beijing, Tianjin and Chongqing stand above no city. */
export const isMunicipality = (code: string): boolean => code.endsWith('0000')

export const cityDraw = weighted(cities.map((item) => [item, item.weight]))

export interface Store {
  readonly id: string
  readonly en: string
  readonly zh: string
  readonly city: string
}

const storeNames: readonly (readonly [en: string, zh: string])[] = [
  ['Central', '中心店'],
  ['Riverside', '滨江店'],
  ['Park', '公园店'],
  ['North Station', '北站店'],
]

export const stores: readonly Store[] = cities.flatMap((place) =>
  storeNames.slice(0, place.stores).map(([en, zh], index) => ({
    id: `${place.id}-${index + 1}`,
    en: `${place.en} ${en}`,
    zh: `${place.zh}${zh}`,
    city: place.id,
  })),
)

const storesByCity = Map.groupBy(stores, (store) => store.city)

export const storesIn = (place: City): readonly Store[] => storesByCity.get(place.id) ?? []
