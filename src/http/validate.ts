/** What is wrong with a request's fields, as pointers and stable codes; never the library's own words, never a value. */
import { z } from '@hono/zod-openapi'
import { nearestWords } from '../kernel/nearest.ts'

export type FieldCode =
  | 'required'
  | 'wrong-type'
  | 'wrong-format'
  | 'unknown-field'
  | 'unknown-value'
  | 'too-small'
  | 'too-big'
  | 'not-allowed'

export interface FieldError {
  /** JSON pointer (RFC 6901) into the body, or `?name` of the query, or the path's parameter. */
  readonly pointer: string
  readonly code: FieldCode
  readonly suggestions?: readonly string[]
}

const fieldErrorsMax = 50
/** Longer words are no slips of the finger, and comparing them takes time. */
const suggestedLengthMax = 64

/** The issues of a failed parse. `prefix` stands before every pointer. */
export function fieldErrors(
  schema: z.ZodType,
  error: z.ZodError,
  prefix = '',
): readonly FieldError[] {
  return error.issues.flatMap((issue) => errorsOf(schema, issue, prefix)).slice(0, fieldErrorsMax)
}

function errorsOf(
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  prefix: string,
): readonly FieldError[] {
  const pointer = prefix + pointerOf(issue.path)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(schema, issue.path)
      return issue.keys.map((key) => ({
        pointer: `${pointer}/${escape(key)}`,
        code: 'unknown-field',
        ...suggested(key, known),
      }))
    }
    case 'invalid_type':
      return [{ pointer, code: issue.input === undefined ? 'required' : 'wrong-type' }]
    case 'invalid_value': {
      const known = issue.values.filter((value) => typeof value === 'string')
      const given = typeof issue.input === 'string' ? issue.input : ''
      if (issue.input === undefined) return [{ pointer, code: 'required' }]
      return [{ pointer, code: 'unknown-value', ...suggested(given, known) }]
    }
    case 'too_small':
      return [{ pointer, code: 'too-small' }]
    case 'too_big':
      return [{ pointer, code: 'too-big' }]
    case 'invalid_format':
    case 'not_multiple_of':
      return [{ pointer, code: 'wrong-format' }]
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
      return [{ pointer, code: issue.input === undefined ? 'required' : 'wrong-type' }]
    case 'custom':
      return [{ pointer, code: 'not-allowed' }]
  }
}

function suggested(word: string, known: readonly string[]): Pick<FieldError, 'suggestions'> {
  const suggestions = word.length > suggestedLengthMax ? [] : nearestWords(word, known)
  return suggestions.length === 0 ? {} : { suggestions }
}

const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${escape(String(step))}`).join('')

const escape = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1')

/** The names an object at that place may have. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let here: unknown = unwrapped(schema)
  for (const step of path) {
    if (here instanceof z.ZodObject) here = unwrapped(here.shape[String(step)])
    else if (here instanceof z.ZodArray) here = unwrapped(here.element)
    else return []
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape) : []
}

const unwrapped = (schema: unknown): unknown =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault
    ? unwrapped(schema.unwrap())
    : schema
