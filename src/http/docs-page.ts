/** The API's description as a plain page: no script, so that it works under the strictest policy. */
import { z } from '@hono/zod-openapi'
import type { Locale } from './locale.ts'

const operationSchema = z.looseObject({
  summary: z.string().optional(),
  description: z.string().optional(),
  requestBody: z.unknown().optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string().optional() })),
})

const descriptionSchema = z.looseObject({
  info: z.looseObject({ title: z.string(), version: z.string(), description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()).default({}) }),
})

const words = {
  en: { lead: 'Machine-readable:', shapes: 'Shapes', body: 'Body', answers: 'Answers' },
  'zh-CN': { lead: '机器可读：', shapes: '数据结构', body: '请求体', answers: '响应' },
} as const

export function docsPage(openApi: unknown, locale: Locale): string {
  const { info, paths, components } = descriptionSchema.parse(openApi)
  const said = words[locale]
  const operations = Object.entries(paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => ({ path, method, operation })),
  )
  const sections = operations.map(
    ({ path, method, operation }) => `<details>
<summary><b class="${escape(method)}">${escape(method.toUpperCase())}</b> <code>${escape(path)}</code> ${escape(operation.summary ?? '')}</summary>
<p>${escape(operation.description ?? '')}</p>
${operation.requestBody === undefined ? '' : `<h3>${said.body}</h3><pre>${asJson(operation.requestBody)}</pre>`}
<h3>${said.answers}</h3><ul>${Object.entries(operation.responses)
      .map(
        ([status, { description }]) =>
          `<li><code>${escape(status)}</code> ${escape(description ?? '')}</li>`,
      )
      .join('')}</ul>
<pre>${asJson(operation.responses)}</pre>
</details>`,
  )
  const shapes = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<details><summary><code>${escape(name)}</code></summary><pre>${asJson(schema)}</pre></details>`,
  )
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)} API</title><link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/docs/style.css"></head>
<body><main><h1>${escape(info.title)} API ${escape(info.version)}</h1>
<p>${escape(info.description)}</p>
<p>${said.lead} <a href="/openapi.json">openapi.json</a></p>
${sections.join('\n')}
<h2>${said.shapes}</h2>
${shapes.join('\n')}
</main></body></html>
`
}

const asJson = (value: unknown): string => escape(JSON.stringify(value, null, 2))

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

export const docsStyle = `
:root { color-scheme: light dark; }
body { font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem; }
details { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .5rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
summary b { display: inline-block; min-width: 4rem; }
.get { color: #1a7f37; } .post { color: #0969da; } .put { color: #9a6700; } .delete { color: #cf222e; }
pre { overflow-x: auto; padding: .75rem; background: color-mix(in srgb, currentColor 7%, transparent); }
h3 { font-size: 1rem; margin: .5rem 0 0; }
@media (prefers-color-scheme: dark) {
  .get { color: #3fb950; } .post { color: #58a6ff; } .put { color: #d29922; } .delete { color: #f85149; }
}
`
