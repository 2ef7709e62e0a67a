/** Which pages there are and for whom. */
import type { Messages } from './messages/zh-CN.ts'
import type { Me } from './shapes.ts'

export interface Entry {
  readonly path: string
  readonly label: keyof Messages
  readonly roles: readonly string[]
}

/** In the order of the menu; a person's first entry is their start page. */
export const entries: readonly Entry[] = [
  { path: '/log', label: 'navLog', roles: ['reviewer'] },
  { path: '/approvals', label: 'navApprovals', roles: ['approver'] },
  { path: '/rule', label: 'navRule', roles: ['marketer'] },
  { path: '/segments', label: 'navSegments', roles: ['marketer'] },
  { path: '/audiences', label: 'navAudiences', roles: ['marketer', 'approver', 'reviewer'] },
  { path: '/exports', label: 'navExports', roles: ['marketer', 'approver', 'reviewer'] },
  { path: '/people', label: 'navPeople', roles: ['admin'] },
  {
    path: '/catalog',
    label: 'navCatalog',
    roles: ['marketer', 'approver', 'steward', 'officer', 'reviewer'],
  },
]

export const entriesOf = (me: Me): readonly Entry[] => {
  const own = entries.filter((entry) => entry.roles.some((role) => me.roles.includes(role)))
  // Whoever writes rules begins there, whatever else they do.
  const first = own.filter(({ path }) => path === '/rule')
  return first.length > 0 && own[0]?.path === '/approvals'
    ? [...first, ...own.filter(({ path }) => path !== '/rule')]
    : own
}

export const homeOf = (me: Me): string => entriesOf(me)[0]?.path ?? '/catalog'
