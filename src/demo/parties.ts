/** Purposes, channels, notices, recipients and contracts of the demo world. All companies are invented. */
import type { PartiesDraft } from '../consent/index.ts'
import { dayMs } from './calendar.ts'

export const brand = { en: 'Heyu Living (fictional brand)', zh: '禾屿生活（虚构品牌）' } as const

const marketing = { notice: 'privacy', minNoticeVersion: 2, coveredBy: ['marketing'] }

const noticeText = (version: string, what: string): string =>
  `${brand.zh}个人信息处理告知（${version}）：我们处理您的${what}，用于您选择的用途与渠道。您可随时一步撤回同意。本文为演示用虚构文本。`

/** The categories that the current notice tells of, by their wider names. */
export const toldCategories = [
  'demographic',
  'transaction',
  'behaviour',
  'loyalty',
  'preference',
  'inference',
  'service',
] as const

export const demoParties = (asOf: Date): PartiesDraft => ({
  notices: [
    {
      id: 'privacy',
      version: 1,
      language: 'zh-CN',
      text: noticeText('第一版', '基本资料与交易记录'),
    },
    {
      id: 'privacy',
      version: 2,
      language: 'zh-CN',
      text: noticeText('第二版', '基本资料、交易记录、浏览行为、会员权益、偏好与推断评分'),
    },
  ],
  channels: [
    { id: 'sms', label: { en: 'SMS', zh: '短信' }, identifierKind: 'mobile' },
    { id: 'email', label: { en: 'Email', zh: '邮件' }, identifierKind: 'email' },
    { id: 'wecom', label: { en: 'WeCom', zh: '企业微信' }, identifierKind: 'wecom' },
    { id: 'app_push', label: { en: 'App push', zh: '应用推送' }, identifierKind: 'push-token' },
  ],
  purposes: [
    { id: 'marketing', label: { en: 'Marketing', zh: '营销' }, ...marketing, coveredBy: [] },
    {
      id: 'marketing.winback',
      label: { en: 'Win-back marketing', zh: '唤回营销' },
      ...marketing,
    },
    { id: 'marketing.birthday', label: { en: 'Birthday care', zh: '生日关怀' }, ...marketing },
    { id: 'marketing.promotion', label: { en: 'Promotion', zh: '促销推广' }, ...marketing },
    { id: 'service.order', label: { en: 'Order service', zh: '订单服务' }, kind: 'service' },
  ],
  recipients: [
    { id: 'own', label: { en: 'Own brand', zh: '本品牌' }, role: 'internal' },
    {
      id: 'sms-gateway',
      label: { en: 'SMS gateway', zh: '短信网关' },
      role: 'processor',
      contact: 'privacy@sms-gateway.example',
    },
    {
      id: 'ad-platform',
      label: { en: 'Ad platform', zh: '广告平台' },
      role: 'handler',
      contact: 'privacy@ad-platform.example',
    },
  ],
  contracts: [
    {
      id: 'sms-gateway-2',
      recipient: 'sms-gateway',
      purposes: ['marketing.winback', 'marketing.birthday', 'marketing.promotion', 'service.order'],
      channels: ['sms'],
      categories: [...toldCategories],
      validFrom: new Date(asOf.getTime() - 400 * dayMs),
      validUntil: new Date(asOf.getTime() + 330 * dayMs),
    },
  ],
})
