export { startWorkers } from './workers.ts'
export type { Workers, WorkersOptions } from './workers.ts'
