export { buildNextAudience } from './build.ts'
export type { BuildOutcome, BuildWorker } from './build.ts'
export { countReach } from './count.ts'
export type { CountError, Reach } from './count.ts'
export { listAudiences, readAudience } from './read.ts'
export type {
  Audience,
  AudiencePage,
  AudienceState,
  AudienceSummary,
  AudienceViewer,
} from './read.ts'
export { cancelAudience, requestAudience } from './request.ts'
export type { AudienceError, RequestedAudience } from './request.ts'
export { findUnknownUse, useHash } from './use.ts'
export type { UseError } from './use.ts'
export { readExact, releaseExact, waterfallReasons } from './waterfall.ts'
export type { ExactStep, WaterfallReason, WaterfallStep } from './waterfall.ts'
