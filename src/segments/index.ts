export { listSegments, readSegment, readVersion } from './read.ts'
export type { Segment, SegmentPage, SegmentSummary, SegmentVersion, SavedRule } from './read.ts'
export { saveSegment, updateSegment } from './save.ts'
export type { SavedSegment, SegmentError } from './save.ts'
