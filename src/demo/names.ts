/** Names put together by chance from common parts: they are nobody's, as is every other fact of the demo world. */
import { weighted } from './random.ts'
import type { Seeded } from './random.ts'

export interface InventedName {
  readonly full: string
  /** For an address: surname and given name in pinyin. */
  readonly pinyin: string
}

type Part = readonly [character: string, pinyin: string]

const readParts = (text: string): readonly Part[] =>
  text
    .trim()
    .split(/\s+/)
    .map((word): Part => [word.slice(0, 1), word.slice(1)])

const surnames = weighted(
  readParts(`王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu 郭guo
    何he 林lin 罗luo 高gao 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 韩han 邓deng 冯feng 曹cao 彭peng 曾zeng 肖xiao
    田tian 董dong 潘pan 袁yuan 蔡cai 蒋jiang 余yu 于yu 杜du 叶ye 程cheng 魏wei 苏su 吕lyu 丁ding 任ren 卢lu 姚yao
    沈shen 钟zhong 姜jiang 崔cui 谭tan 陆lu 范fan 汪wang 廖liao 石shi 金jin 贾jia 夏xia 付fu 方fang 邹zou 熊xiong 白bai
    孟meng 秦qin 邱qiu 侯hou 江jiang 尹yin 薛xue 闫yan 段duan 雷lei 龙long 陶tao 贺he 毛mao 郝hao 顾gu 龚gong 邵shao`).map(
    (part, index) => [part, 1 / (index + 3)],
  ),
)

const female =
  readParts(`芳fang 娜na 敏min 静jing 丽li 艳yan 娟juan 霞xia 婷ting 雪xue 梅mei 琳lin 洁jie 倩qian 欣xin
  怡yi 佳jia 颖ying 慧hui 莹ying 萍ping 悦yue 瑶yao 菲fei 蕾lei 岚lan 晴qing 妍yan 露lu 薇wei 媛yuan 彤tong`)

const male =
  readParts(`伟wei 强qiang 磊lei 军jun 洋yang 勇yong 杰jie 涛tao 超chao 刚gang 辉hui 鹏peng 斌bin 波bo 宇yu
  浩hao 凯kai 健jian 俊jun 帆fan 帅shuai 毅yi 峰feng 龙long 博bo 航hang 鑫xin 翔xiang 旭xu 晨chen 昊hao 骏jun`)

const either =
  readParts(`子zi 文wen 思si 雨yu 嘉jia 明ming 晓xiao 梓zi 一yi 诗shi 若ruo 书shu 景jing 安an 乐le 宁ning
  清qing 然ran 可ke 心xin 泽ze 天tian 海hai 云yun 逸yi 知zhi 言yan 初chu 星xing 予yu 舒shu 禾he`)

/** One given character for a fifth of the people, two for the others. */
export function inventName(random: Seeded, gender: 'female' | 'male'): InventedName {
  const [surname, surnamePinyin] = random.draw(surnames)
  const own = gender === 'female' ? female : male
  const given = random.chance(0.2)
    ? [random.pick(own)]
    : random.chance(0.6)
      ? [random.pick(either), random.pick(own)]
      : [random.pick(either), random.pick(either)]
  return {
    full: surname + given.map(([character]) => character).join(''),
    pinyin: `${surnamePinyin}.${given.map(([, pinyin]) => pinyin).join('')}`,
  }
}
