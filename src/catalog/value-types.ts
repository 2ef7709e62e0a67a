/** Value types as the catalogue keeps them: JSON without the values, which have rows of their own. */
import type { EnumValue, RegionValue, ValueType } from '#grammar'
import { assert } from '../kernel/assert.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'

export type ListedType = Extract<ValueType, { readonly values: readonly unknown[] }>

/** A value of an enum or region, as its row says. */
export interface StoredValue {
  readonly id: string
  readonly label: { readonly en: string; readonly zh: string }
  readonly parent: string | null
}

export const hasValues = (type: ValueType): type is ListedType =>
  type.kind === 'enum' || type.kind === 'region'

export const valuesOf = (type: ValueType): readonly (EnumValue | RegionValue)[] =>
  hasValues(type) ? type.values : []

/** What `catalog.attribute.type` holds. */
export function storedType(type: ValueType): string {
  switch (type.kind) {
    case 'money':
      return canonicalJson({ kind: type.kind, currency: type.currency, scale: type.scale })
    case 'score':
      return canonicalJson({ kind: type.kind, low: type.low, high: type.high })
    case 'integer':
    case 'decimal':
    case 'percent':
    case 'text':
    case 'enum':
    case 'boolean':
    case 'region':
    case 'date':
    case 'timestamp':
    case 'month-day':
      return canonicalJson({ kind: type.kind })
  }
}

/** The type of a row again; `define_attribute` is the only writer, so anything else is a bug. */
export function readStoredType(stored: unknown, values: readonly StoredValue[]): ValueType {
  const field = (name: string): unknown =>
    typeof stored === 'object' && stored !== null && name in stored
      ? Object.entries(stored).find(([key]) => key === name)?.[1]
      : undefined
  const numberField = (name: string): number => {
    const value = field(name)
    assert(typeof value === 'number', `a stored type with a number for ${name}`)
    return value
  }
  const kind = field('kind')
  switch (kind) {
    case 'integer':
    case 'decimal':
    case 'percent':
    case 'text':
    case 'boolean':
    case 'date':
    case 'timestamp':
    case 'month-day':
      return { kind }
    case 'money': {
      const currency = field('currency')
      assert(typeof currency === 'string', 'a money type with its currency')
      return { kind, currency, scale: numberField('scale') }
    }
    case 'score':
      return { kind, low: numberField('low'), high: numberField('high') }
    case 'enum':
      return { kind, values: values.map(({ id, label }) => ({ id, label })) }
    case 'region':
      return {
        kind,
        values: values.map(({ id, label, parent }) => ({
          id,
          label,
          ...(parent === null ? {} : { parent }),
        })),
      }
    default:
      throw new Error('the catalogue holds a value type that nobody writes')
  }
}
