/**
 * Chinese → pinyin, for suggestions and completion. A door of its own: its table is larger than the whole language,
 * so that a browser loads it only when it is wanted.
 */
import { pinyin } from 'pinyin-pro'
import type { Romanise } from './diagnostics/suggest.ts'

export const romanise: Romanise = (text) =>
  pinyin(text, { toneType: 'none', type: 'array', nonZh: 'removed', v: true })
