import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normaliseContact } from '../../src/pseudonyms/index.ts'

describe('a mobile number', () => {
  test.each([
    '13800138000',
    '+8613800138000',
    '8613800138000',
    '138 0013 8000',
    '+86 138-0013-8000',
    ' 13800138000 ',
    '0086 138 0013 8000',
  ])('written %j is one number', (text) => {
    expect(normaliseContact('mobile', text)).toEqual({ ok: true, value: '+8613800138000' })
  })

  test('of another country keeps its country', () => {
    expect(normaliseContact('mobile', '+44 7911 123456')).toEqual({
      ok: true,
      value: '+447911123456',
    })
  })

  test.each(['1380013800', '12345', 'abc', '+0', '138001380000000000', '１３８'])(
    'written %j is refused, and the answer does not repeat it',
    (text) => {
      expect(normaliseContact('mobile', text)).toEqual({
        ok: false,
        error: { code: 'contact-mobile' },
      })
    },
  )
})

describe('an e-mail address', () => {
  test('is lower case without space around it', () => {
    expect(normaliseContact('email', ' Li.Lei@Example.COM ')).toEqual({
      ok: true,
      value: 'li.lei@example.com',
    })
  })

  test.each(['no-at', 'a@b', 'a@@b.c', 'a b@c.de', '@c.de', `${'a'.repeat(250)}@c.de`, 'a@b..de'])(
    'written %j is refused',
    (text) => {
      expect(normaliseContact('email', text)).toEqual({
        ok: false,
        error: { code: 'contact-email' },
      })
    },
  )
})

test('blank contact data is refused and long data too', () => {
  expect(normaliseContact('name', '  ')).toEqual({ ok: false, error: { code: 'contact-empty' } })
  expect(normaliseContact('name', '李'.repeat(257))).toEqual({
    ok: false,
    error: { code: 'contact-too-long' },
  })
})

test('normalising never throws and a normal form is its own normal form', () => {
  const kind = fc.constantFrom('mobile', 'email', 'name', 'openid')
  fc.assert(
    fc.property(kind, fc.string({ unit: 'grapheme' }), (kind, text) => {
      const once = normaliseContact(kind, text)
      if (once.ok) expect(normaliseContact(kind, once.value)).toEqual(once)
    }),
  )
})
