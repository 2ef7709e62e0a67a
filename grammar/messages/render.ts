/** A diagnostic → a sentence in the reader's language, whatever language the rule is written in. */
import type { Language } from '../check/catalog.ts'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Diagnostic, DiagnosticOf } from '../diagnostics/diagnostic.ts'
import { en } from './en.ts'
import type { Messages } from './messages.ts'
import { zhCN } from './zh-CN.ts'

const catalogues: Readonly<Record<Language, Messages>> = { en, zh: zhCN }

export const renderDiagnostic = (found: Diagnostic, language: Language): string =>
  renderOne(found, catalogues[language])

const renderOne = <Code extends DiagnosticCode>(
  { code, args }: DiagnosticOf<Code>,
  messages: Messages,
): string => messages[code](args)
