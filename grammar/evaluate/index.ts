export { evaluate, evaluateCustomer } from './evaluate.ts'
export { explainCustomer } from './explain.ts'
export type { CustomerExplanation, Explanation, Measured } from './explain.ts'
export type { Run, World, WorldCustomer, WorldEvent, WorldValue, WorldValues } from './world.ts'
