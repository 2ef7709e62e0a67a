export { ruleInWords } from './rule-in-words.ts'
export type { RuleWords, WordsRun } from './rule-in-words.ts'
