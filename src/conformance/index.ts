export { answerLine } from './answer-line.ts'
export type { Answer, Ground } from './ground.ts'
export { loadThrowaway } from './throwaway.ts'
export type { Engine, ThrowawayOptions } from './throwaway.ts'
