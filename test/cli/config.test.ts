import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'

const read = (variables: Readonly<Record<string, string>>) => readConfig(variables, '/srv/shop')

test('nothing set means this machine alone, and a folder below the working one', () => {
  expect(read({})).toEqual({
    ok: true,
    value: {
      host: '127.0.0.1',
      port: 8080,
      isLoopback: true,
      dataDir: '/srv/shop/.yunqun',
      keysDir: '/srv/shop/.yunqun/keys',
      baseUrl: 'http://127.0.0.1:8080',
    },
  })
  expect(read({ PORT: '', HOST: '', DATABASE_URL: '' })).toEqual(read({}))
})

test('keys may lie apart from the data', () => {
  expect(read({ YUNQUN_DATA: '/var/data', YUNQUN_KEYS: '/etc/keys' })).toMatchObject({
    value: { dataDir: '/var/data', keysDir: '/etc/keys' },
  })
  expect(read({ YUNQUN_DATA: 'here' })).toMatchObject({ value: { keysDir: '/srv/shop/here/keys' } })
})

test('a host that others reach is not loopback, and is reached from here under an address of this machine', () => {
  for (const [host, baseUrl] of [
    ['0.0.0.0', 'http://127.0.0.1:8080'],
    ['::', 'http://[::1]:8080'],
    ['10.0.0.5', 'http://127.0.0.1:8080'],
  ] as const)
    expect(read({ HOST: host })).toMatchObject({ value: { isLoopback: false, baseUrl } })
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1'])
    expect(read({ HOST: host })).toMatchObject({ value: { isLoopback: true } })
})

test.each([
  [{ PORT: 'abc' }, 'PORT'],
  [{ PORT: '70000' }, 'PORT'],
  [{ PORT: '-1' }, 'PORT'],
  [{ HOST: 'a b' }, 'HOST'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
  [{ DATABASE_URL: 'nonsense' }, 'DATABASE_URL'],
  [{ BASE_URL: 'http://shop.example' }, 'BASE_URL'],
  [{ BASE_URL: 'http://127.0.0.1.evil.example' }, 'BASE_URL'],
  [{ BASE_URL: 'https://shop.example/yunqun' }, 'BASE_URL'],
  [{ BASE_URL: 'https://user@shop.example' }, 'BASE_URL'],
  [{ BASE_URL: 'ftp://shop.example' }, 'BASE_URL'],
])('%j is refused in one sentence that names the variable', (variables, name) => {
  const config = readConfig(variables, '/srv/shop')
  expect(config.ok).toBe(false)
  expect(!config.ok && config.error).toContain(name)
  expect(!config.ok && config.error).not.toContain('\n')
})

test('the address to the outside may be https, and http here', () => {
  expect(read({ BASE_URL: 'https://audiences.shop.example/' })).toMatchObject({
    value: { baseUrl: 'https://audiences.shop.example' },
  })
  expect(read({ BASE_URL: 'http://[::1]:9000' })).toMatchObject({
    value: { baseUrl: 'http://[::1]:9000' },
  })
})

test('a password in DATABASE_URL is never repeated', () => {
  const config = read({ DATABASE_URL: 'mysql://me:hunter2@db' })
  expect(!config.ok && config.error).not.toContain('hunter2')
})
