/** Tables of the schema catalog; written from the migrations (test/db/schema.test.ts). */
import type { Always, Defaulted, Json, Moment } from '../column.ts'

export interface CatalogAttributeTable {
  id: string
  label_en: string
  label_zh: string
  type: Json
  category_id: string | null
  column_name: string
  created_at: Defaulted<Moment>
}

export interface CatalogAttributeValueTable {
  attribute_id: string
  id: string
  label_en: string
  label_zh: string
  parent_id: string | null
  sources: Defaulted<readonly string[]>
  position: number
}

export interface CatalogCategoryTable {
  id: string
  bit: number
  label_en: string
  label_zh: string
  data_class: 'S0' | 'S1' | 'S2' | 'S3' | 'S4' | 'ID'
}

export interface CatalogEventPropertyTable {
  event_number: number
  id: string
  label_en: string
  label_zh: string
  type: Json
  column_name: string
  position: number
}

export interface CatalogEventPropertyValueTable {
  event_number: number
  property_id: string
  id: string
  label_en: string
  label_zh: string
  parent_id: string | null
  sources: Defaulted<readonly string[]>
  position: number
}

export interface CatalogEventTypeTable {
  number: Always<number>
  id: string
  label_en: string
  label_zh: string
  category_id: string | null
  retention_days: number | null
  created_at: Defaulted<Moment>
}

export interface CatalogTagTable {
  id: string
  label_en: string
  label_zh: string
  category_id: string | null
  created_at: Defaulted<Moment>
}
