export { defineCatalog } from './define.ts'
export { categoriesMax } from './draft.ts'
export type {
  AttributeDraft,
  CatalogDraft,
  CatalogError,
  CategoryDraft,
  EventDraft,
  PropertyDraft,
  Spellings,
} from './draft.ts'
export {
  addAttribute,
  addAttributeValue,
  addCategory,
  addEvent,
  addEventProperty,
  addEventPropertyValue,
  addTag,
} from './edit.ts'
export type { CatalogChanged, ValueDraft } from './edit.ts'
export { loadCatalog } from './load.ts'
export { columnRef } from './physical.ts'
export type { PhysicalCatalog, PhysicalColumn, PhysicalEvent } from './physical.ts'
export { storedValueReader, worldValueOf } from './stored-value.ts'
export type { StoredScalar, StoredValueError, StoredValueReader } from './stored-value.ts'
