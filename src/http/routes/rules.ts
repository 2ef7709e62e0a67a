/** The language over HTTP: check, format, translate, explain. Reads the catalogue and nobody's data. */
import { z } from '@hono/zod-openapi'
import { format, readRule, ruleInWords, translate } from '#grammar'
import type { ReadRule, RuleCatalog } from '#grammar'
import { findUnknownUse } from '../../audiences/index.ts'
import type { Use } from '../../audit/index.ts'
import { loadCatalog } from '../../catalog/index.ts'
import { asRole } from '../../db/index.ts'
import { guarded } from '../guard.ts'
import type { GuardedRoute } from '../guard.ts'
import type { Locale } from '../locale.ts'
import { problem, renderDiagnostics } from '../problem.ts'
import { json } from '../reply.ts'
import { diagnosticSchema, ruleText, useSchema, wordsSchema } from '../schemas.ts'
import type { Service } from '../service.ts'
import { useProblem } from './room-problems.ts'

const ruleBody = z.strictObject({ text: ruleText, use: useSchema.optional() })

const readSchema = z
  .object({
    diagnostics: z.array(diagnosticSchema),
    ruleHash: z.string().nullable(),
    categories: z.array(z.string()),
    personalised: z.boolean(),
    words: wordsSchema.nullable(),
  })
  .openapi('ReadRule')

const rewrittenSchema = readSchema.extend({ text: z.string() }).openapi('RewrittenRule')

type RuleBody = { readonly text: string; readonly use?: Use }

export const ruleRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'post',
    path: '/v1/rules/check',
    action: 'rule.check',
    summary: 'What is wrong with a rule, its hash and the data categories it reads',
    input: { body: ruleBody },
    output: { description: 'Also for a rule with errors.', schema: readSchema },
    handle: async ({ service, body, locale }) => await answerRead(service, body, locale),
  }),
  guarded({
    method: 'post',
    path: '/v1/rules/explain',
    action: 'rule.explain',
    summary: 'What a rule means, in words of both languages',
    input: { body: ruleBody },
    output: { description: 'Words are null for a rule with errors.', schema: readSchema },
    handle: async ({ service, body, locale }) => await answerRead(service, body, locale),
  }),
  guarded({
    method: 'post',
    path: '/v1/rules/format',
    action: 'rule.format',
    summary: 'The rule in its one layout',
    input: { body: ruleBody },
    output: { description: 'The text.', schema: rewrittenSchema },
    handle: async ({ service, body, locale }) => {
      const { catalog, read } = await readWith(service, body.text)
      if (read.ast === undefined) return problem('rule-refused', { diagnostics: read.diagnostics })
      const text = format(read.ast, read.surface, catalog)
      return json({ ...readAnswer(service, catalog, read, body, locale), text })
    },
  }),
  guarded({
    method: 'post',
    path: '/v1/rules/translate',
    action: 'rule.translate',
    summary: 'The rule in the other language',
    input: { body: ruleBody.extend({ to: z.enum(['en', 'zh']) }) },
    output: { description: 'The text; its hash stays.', schema: rewrittenSchema },
    handle: async ({ service, body, locale }) => {
      const { catalog, read } = await readWith(service, body.text)
      const translated = translate(body.text, body.to, catalog)
      if (!translated.ok) return problem('rule-refused', { diagnostics: translated.diagnostics })
      return json({ ...readAnswer(service, catalog, read, body, locale), text: translated.text })
    },
  }),
]

const catalogOf = async (service: Service): Promise<RuleCatalog> =>
  (await asRole(service.database, 'yq_author', {}, loadCatalog)).rules

async function readWith(
  service: Service,
  text: string,
): Promise<{ readonly catalog: RuleCatalog; readonly read: ReadRule }> {
  const catalog = await catalogOf(service)
  return { catalog, read: readRule(text, catalog) }
}

async function answerRead(service: Service, body: RuleBody, locale: Locale) {
  const { catalog, read } = await readWith(service, body.text)
  const unknown = body.use === undefined ? undefined : findUnknownUse(catalog, body.use)
  if (unknown !== undefined) return useProblem(unknown)
  return json(readAnswer(service, catalog, read, body, locale))
}

function readAnswer(
  service: Service,
  catalog: RuleCatalog,
  read: ReadRule,
  { use }: RuleBody,
  locale: Locale,
) {
  const run = {
    asOf: service.clock.now().toISOString(),
    timeZone: catalog.timeZone,
    ...(use === undefined ? {} : { use }),
  }
  return {
    diagnostics: renderDiagnostics(read.diagnostics, locale),
    ruleHash: read.ruleHash ?? null,
    categories: read.categories,
    personalised: read.personalised,
    words: read.rule === undefined ? null : ruleInWords(read.rule, catalog, run),
  }
}
