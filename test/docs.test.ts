/** Documents name files and tests; a name that is gone fails here. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { rooms } from './rooms.ts'

const documents = ['README.md', ...globSync('docs/**/*.md'), ...globSync('grammar/**/*.md')].sort()
const textOf = (file: string): string => readFileSync(file, 'utf8')

test('links between documents lead somewhere', () => {
  const broken = documents.flatMap((file) =>
    [...textOf(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(path.join(path.dirname(file), target)))
      .map((target) => `${file}: ${target}`),
  )
  expect(broken).toEqual([])
})

test('every invariant of the architecture names a test that stands', () => {
  const table = textOf('docs/ARCHITECTURE.md').split('## Invariants')[1] ?? ''
  const named = [...table.matchAll(/`(test\/[^`]+\.ts)`(?: — ([^|]+?))? \|/g)]
  expect(named.length).toBeGreaterThan(20)
  const missing = named
    .filter(([, file = '', name]) => {
      if (!existsSync(file)) return true
      return name !== undefined && !textOf(file).includes(name)
    })
    .map(([row]) => row)
  expect(missing).toEqual([])
})

test('every test that a comment relies on stands', () => {
  const commented = [...globSync('{src,grammar}/**/*.{ts,tsx}'), ...globSync('migrations/*.sql')]
  const missing = commented.flatMap((file) =>
    [...textOf(file).matchAll(/\btest\/[\w./-]*\w/g)]
      .map(([named]) => named)
      .filter((named) => !existsSync(named))
      .map((named) => `${file}: ${named}`),
  )
  expect(missing).toEqual([])
})

test('the architecture lists every room', () => {
  const text = textOf('docs/ARCHITECTURE.md')
  expect(Object.keys(rooms).filter((room) => !text.includes(`\`${room}\``))).toEqual([])
})

test('documents speak of the project alone', () => {
  const foreign = documents.filter((file) =>
    /\/(work|tmp|root|home)\/|registry\.npmjs/.test(textOf(file)),
  )
  expect(foreign).toEqual([])
})
