export { membersQuery } from './members.ts'
export type { MembersOptions, MembersQuery } from './members.ts'
export { settleRun } from './run-time.ts'
export type { MembersRun, RunTime } from './run-time.ts'
