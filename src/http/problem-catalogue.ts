/** Every problem with its status and its words, as docs/problems.md prints it. */
import { problemsEn } from './messages/en.ts'
import { problemsZh } from './messages/zh-cn.ts'
import { statusByCode } from './problem-codes.ts'
import type { ProblemCode } from './problem-codes.ts'

const isCode = (word: string): word is ProblemCode => Object.hasOwn(statusByCode, word)

/** A table in Markdown, by status and code. */
export function problemCatalogue(): string {
  const codes = Object.keys(statusByCode).filter((word) => isCode(word))
  const rows = codes
    .sort((a, b) => statusByCode[a] - statusByCode[b] || (a < b ? -1 : 1))
    .map((code) => {
      const [title, detail] = problemsEn[code]
      const [titleZh, detailZh] = problemsZh[code]
      return `| ${statusByCode[code]} | \`${code}\` | ${title}: ${detail} | ${titleZh}：${detailZh} |`
    })
  return [
    '# Problems',
    '',
    'What the HTTP interface answers when it cannot do as asked (RFC 9457, `application/problem+json`), in the language of',
    '`Accept-Language`. Codes are stable; `{name}` stands for a fact of the case. Errors of rule text are diagnostics, which',
    '`yunqun rule explain-code CODE` explains.',
    '',
    '| status | code | English | 中文 |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}
