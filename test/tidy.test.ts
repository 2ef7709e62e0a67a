/** House rules that no linter knows. Style is a test here, so it cannot rot. */
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { closed, keepers, revealers, rooms } from './rooms.ts'

const files = [...globSync('grammar/**/*.ts'), ...globSync('src/**/*.{ts,tsx}')].sort()
const tests = globSync('test/**/*.ts').sort()
const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n')

const roomOf = (file: string): string =>
  Object.keys(rooms)
    .sort((a, b) => b.length - a.length)
    .find((room) => file === room || file.startsWith(`${room}/`)) ?? `no room: ${file}`

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

const importPattern =
  /^\s*(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]+\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm

const imports: readonly Import[] = files.flatMap((from) =>
  [...readFileSync(from, 'utf8').matchAll(importPattern)].map(([, type, named, dynamic]) => {
    const specifier = named ?? dynamic ?? ''
    const to =
      specifier === '#grammar'
        ? 'grammar/index.ts'
        : specifier.startsWith('.')
          ? path.join(path.dirname(from), specifier)
          : specifier
    return { from, to, typeOnly: type !== undefined }
  }),
)
const isFile = (to: string): boolean => /\.(ts|tsx|css|js)$/.test(to) && existsSync(to)

describe('the house', () => {
  test('every file stands in a room of the table', () => {
    expect(files.map(roomOf).filter((room) => room.startsWith('no room'))).toEqual([])
  })

  test('every room of the table stands', () => {
    expect(Object.keys(rooms).filter((room) => !existsSync(room))).toEqual([])
  })

  test('the table has no circle', () => {
    const floors = new Map<string, number>()
    const floorOf = (room: string, above: readonly string[]): number => {
      expect(above, `circle through ${room}`).not.toContain(room)
      const known = floors.get(room)
      if (known !== undefined) return known
      const below = (rooms[room] ?? []).map((name) =>
        floorOf(name.replace(' (types)', ''), [...above, room]),
      )
      const floor = 1 + Math.max(0, ...below)
      floors.set(room, floor)
      return floor
    }
    for (const room of Object.keys(rooms)) floorOf(room, [])
  })

  test('rooms import only what the table allows', () => {
    const broken = imports
      .filter((i) => isFile(i.to) && roomOf(i.from) !== roomOf(i.to))
      .filter((i) => {
        const allowed = rooms[roomOf(i.from)] ?? []
        const room = roomOf(i.to)
        return !(allowed.includes(room) || (i.typeOnly && allowed.includes(`${room} (types)`)))
      })
    expect(broken.map((i) => `${i.from} -> ${i.to}`)).toEqual([])
  })

  test('a closed room is entered by its door', () => {
    const broken = imports
      .filter(
        (i) => isFile(i.to) && closed.includes(roomOf(i.to)) && roomOf(i.from) !== roomOf(i.to),
      )
      .filter((i) => i.to !== `${roomOf(i.to)}/index.ts`)
    expect(broken.map((i) => `${i.from} -> ${i.to}`)).toEqual([])
  })

  test('a package has its keepers', () => {
    const broken = imports.filter((i) =>
      Object.entries(keepers).some(
        ([name, keepersOf]) =>
          (i.to === name || i.to.startsWith(`${name}/`)) && !keepersOf.includes(roomOf(i.from)),
      ),
    )
    expect(broken.map((i) => `${i.from} -> ${i.to}`)).toEqual([])
  })

  test('files that import each other in a circle do not exist', () => {
    const below = new Map<string, string[]>()
    for (const i of imports)
      if (isFile(i.to)) below.set(i.from, [...(below.get(i.from) ?? []), i.to])
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file))
        circles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '))
      if (trail.includes(file) || done.has(file)) return
      for (const next of below.get(file) ?? []) visit(next, [...trail, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(circles).toEqual([])
  })
})

describe('style', () => {
  test('files stay small enough to read at one sitting', () => {
    const long = files.map((file) => ({ file, lines: linesOf(file).length }))
    expect(long.filter(({ lines }) => lines > 400)).toEqual([])
  })

  test('personal values are revealed only where they enter and leave', () => {
    const uses = files.filter((file) => /\breveal\(/.test(readFileSync(file, 'utf8')))
    expect(uses.filter((file) => !revealers.includes(roomOf(file)))).toEqual([])
  })

  test('chance comes from the operating system or from a seed', () => {
    const uses = [...files, ...tests].filter((file) =>
      /Math\.(?=random)/.test(readFileSync(file, 'utf8')),
    )
    expect(uses).toEqual([])
  })

  test('only the clock reads the clock', () => {
    const uses = files
      .filter((file) => file !== 'src/kernel/clock.ts' && roomOf(file) !== 'src/web')
      .filter((file) =>
        /new Date\(\)|Date\.now\(\)|Temporal\.Now\b/.test(readFileSync(file, 'utf8')),
      )
    expect(uses).toEqual([])
  })

  test('SQL is never made from text', () => {
    const uses = files.filter((file) =>
      /\bsql\.(raw|lit)\(|\.\$?jsonPath|\bsql\.lit\b/.test(readFileSync(file, 'utf8')),
    )
    expect(uses).toEqual([])
  })

  test('nothing is left for later', () => {
    const marks = /\b(TODO|FIXME|not implemented)\b/
    const found = [...files, ...tests, ...globSync('migrations/*.sql')]
      .filter((file) => file !== 'test/tidy.test.ts')
      .filter((file) => marks.test(readFileSync(file, 'utf8')))
    expect(found).toEqual([])
  })

  test('every suppressed lint has its reason', () => {
    const bare = [...files, ...tests].flatMap((file) =>
      linesOf(file)
        .filter((line) => /oxlint-disable|@ts-(ignore|expect-error|nocheck)/.test(line))
        .filter((line) => !/(--|@ts-expect-error:?) \S+/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    )
    expect(bare.filter((line) => !line.startsWith('test/tidy.test.ts'))).toEqual([])
  })

  test('a door lists and defines nothing', () => {
    const doors = closed.map((room) => `${room}/index.ts`).filter((file) => existsSync(file))
    const defining = doors.filter((file) =>
      linesOf(file).some((line) => /^\s*(export\s+)?(const|function|class|let|async)\b/.test(line)),
    )
    expect(defining).toEqual([])
  })

  test('top level holds what the house plan names', () => {
    const known = [
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'vitest.config.ts',
      'src',
      'grammar',
      'migrations',
      'test',
      'docs',
      'README.md',
    ]
    const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n')
    const top = new Set(tracked.map((file) => file.split('/')[0] ?? ''))
    expect([...top].filter((name) => !name.startsWith('.') && !known.includes(name))).toEqual([])
  })
})
