/** The lawful grounds that a header may name. Source: PIPL Art. 13. */
import type { CatalogName } from './catalog.ts'

export const legalBases: readonly CatalogName[] = [
  { id: 'consent', label: { en: 'Consent', zh: '同意' } },
  { id: 'contract', label: { en: 'Contract', zh: '订立或履行合同' } },
  { id: 'human-resources', label: { en: 'Human resources management', zh: '人力资源管理' } },
  { id: 'legal-duty', label: { en: 'Legal duty', zh: '法定职责或义务' } },
  { id: 'emergency', label: { en: 'Emergency', zh: '紧急情况' } },
  { id: 'news-reporting', label: { en: 'News reporting', zh: '新闻报道' } },
  { id: 'public-information', label: { en: 'Public information', zh: '已公开信息' } },
]
