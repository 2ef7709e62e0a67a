/** Names of the staff, for those who decide or review: the access log itself keeps ids only. */
import type { Me, Page, Person } from '../shapes.ts'
import { useAnswer } from './use-answer.ts'

export type NameOf = (id: string) => string | undefined

export function usePeople(me: Me): NameOf {
  const mayAsk = ['admin', 'approver', 'reviewer'].some((role) => me.roles.includes(role))
  const people = useAnswer<Page<Person>>(mayAsk ? '/v1/people' : undefined)
  return (id) => {
    if (id === me.id) return me.displayName
    return people.value?.items.find((person) => person.id === id)?.displayName
  }
}
