/** Where the project lies and which version it is. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

export const projectRoot = path.resolve(import.meta.dirname, '../..')

export const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')))
