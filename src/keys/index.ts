export { keysFrom, openWith, sealWith } from './keys.ts'
export type { Keys, MacUse, SealUse } from './keys.ts'
export { keysErrorSentence, openKeys, readOrMakePassword } from './folder.ts'
export type { KeysError } from './folder.ts'
