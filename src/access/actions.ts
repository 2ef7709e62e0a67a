/** Every action there is, and which parties may do it. What is not listed here cannot be done by anybody. */
import { roles } from './roles.ts'
import type { Party } from './roles.ts'

const everybody: readonly Party[] = ['anonymous', ...roles]
const people: readonly Party[] = roles
/** Everybody but the admin, who says who may act and sees no data. */
const staff: readonly Party[] = ['marketer', 'approver', 'steward', 'officer', 'reviewer']

export const partiesByAction = {
  'service.read': everybody,
  'page.read': everybody,

  'session.read': everybody,
  'session.start': everybody,
  'session.demo': everybody,
  'session.end': people,
  'session.step-up': people,
  'token.issue': everybody,
  'invitation.accept': everybody,
  'me.read': people,

  'rule.check': staff,
  'rule.format': staff,
  'rule.translate': staff,
  'rule.explain': staff,
  'catalog.read': staff,
  'catalog.edit': ['steward'],
  'party.read': [...staff, 'admin'],
  'party.edit': ['officer'],

  'count.read': ['marketer'],
  'segment.create': ['marketer'],
  'segment.update': ['marketer'],
  'segment.list': staff,
  'segment.read': staff,
  'audience.request': ['marketer'],
  'audience.cancel': ['marketer'],
  'audience.list': ['marketer', 'approver', 'reviewer'],
  'audience.read': ['marketer', 'approver', 'reviewer'],

  'export.request': ['marketer'],
  'export.decide': ['approver'],
  'export.cancel': ['marketer', 'approver'],
  'export.list': ['marketer', 'approver', 'reviewer', 'campaign_tool'],
  'export.read': ['marketer', 'approver', 'reviewer', 'campaign_tool'],
  'export.pull': ['campaign_tool'],
  'export.manifest': ['campaign_tool', 'reviewer'],
  'export.acknowledge': ['campaign_tool'],
  'export.removals': ['campaign_tool'],
  'pseudonym.check': ['campaign_tool'],
  'pseudonym.opt-out': ['campaign_tool'],

  'consent.append': ['consent_source'],
  'customer.ingest': ['data_source'],
  'event.ingest': ['data_source'],

  'access-log.search': ['reviewer'],
  'person.create': ['admin'],
  // Whoever decides or reviews must see who asked, by name.
  'person.list': ['admin', 'approver', 'reviewer'],
  'client.create': ['admin'],
} as const satisfies Readonly<Record<string, readonly Party[]>>

export type Action = keyof typeof partiesByAction

export const isAction = (word: string): word is Action => Object.hasOwn(partiesByAction, word)

export const actions: readonly Action[] = Object.keys(partiesByAction).filter((word) =>
  isAction(word),
)

/** Actions for which the person must have shown the password again a short while ago. privacy.md F.5. */
export const stepUpActions: readonly Action[] = ['export.decide', 'person.create', 'client.create']
