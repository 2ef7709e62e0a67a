export { acknowledge } from './acknowledge.ts'
export type { Acknowledgement, AcknowledgeError } from './acknowledge.ts'
export { cancelExport, decideExport } from './decide.ts'
export type { DecideError } from './decide.ts'
export { sweepExpired } from './expire.ts'
export type { Swept } from './expire.ts'
export { contactColumns } from './gates.ts'
export type { Gate, GateCode, GateOutcome } from './gates.ts'
export { readManifest } from './manifest.ts'
export type { Manifest, ManifestChunk } from './manifest.ts'
export { checkPermitted, optOut } from './pseudonyms.ts'
export type { OptOutItem, OptOutReason, PermittedItem, PseudonymsError } from './pseudonyms.ts'
export { pullRows } from './pull.ts'
export type {
  Pull,
  PullEnd,
  PullError,
  PullInput,
  PullOutcome,
  PulledChunk,
  PulledRow,
} from './pull.ts'
export { listExports, readExport } from './read.ts'
export type { Export, ExportPage, ExportState, ExportViewer } from './read.ts'
export { listRemovals } from './removals.ts'
export type { Removal, RemovalPage, RemovalsError } from './removals.ts'
export { requestExport } from './request.ts'
export type { ExportRequest, RequestedExport, RequestExportError } from './request.ts'
