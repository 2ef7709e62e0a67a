export { countStep, leastCount, release, releaseAgain } from './release.ts'
export type { Released } from './release.ts'
