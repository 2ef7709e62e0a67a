/** The whole of who may do what, printed for people to review. */
import { actions, stepUpActions } from './actions.ts'
import type { Action } from './actions.ts'
import { anonymous, decide } from './decide.ts'
import type { Principal } from './decide.ts'
import { forbiddenPairs, isRole, parties } from './roles.ts'
import type { Party } from './roles.ts'

/** One line for each action, one column for each party: `yes`, `again` (after the password once more) or `-`. */
export function decisionTable(): string {
  const width = Math.max(...actions.map((action) => action.length))
  const columns = parties.map((party) => party.length)
  const line = (first: string, cells: readonly string[]): string =>
    [first.padEnd(width), ...cells.map((cell, place) => cell.padEnd(columns[place] ?? 0))]
      .join('  ')
      .trimEnd()
  return [
    line('action', parties),
    ...actions.map((action) =>
      line(
        action,
        parties.map((party) => cellOf(party, action)),
      ),
    ),
    '',
    'never together:',
    ...forbiddenPairs.map(([one, other]) => `  ${one} + ${other}`),
    '',
  ].join('\n')
}

function cellOf(party: Party, action: Action): string {
  const principal = principalOf(party)
  if (!decide(principal, action).allow) return '-'
  return party !== 'anonymous' && stepUpActions.includes(action) ? 'again' : 'yes'
}

function principalOf(party: Party): Principal {
  if (party === 'anonymous') return anonymous
  if (isRole(party)) {
    return {
      kind: 'person',
      actor: { kind: 'person', id: 'somebody', role: party, demo: false },
      roles: [party],
      steppedUp: true,
    }
  }
  return {
    kind: 'machine',
    actor: { kind: 'machine', id: 'something', role: party, demo: false },
    clientKind: party,
  }
}
