import { expect, test } from 'vitest'
import { problemCatalogue } from '../../src/http/index.ts'

test('every problem stands in docs/problems.md, as it is told', async () => {
  await expect(problemCatalogue()).toMatchFileSnapshot('../../docs/problems.md')
})
