/** How much a rule may ask for. Everything below these bounds must be accepted, everything above is refused. */

/** Bytes of UTF-8: longer than any rule a person writes; keeps lexing below a millisecond. */
export const maxTextBytes = 16 * 1024

export const maxTokens = 2_000

/** Parentheses and "not" inside each other: the parser is recursive, and its stack is finite. */
export const maxDepth = 24

/** Tests of one rule: each is a relation of its own in the query. */
export const maxTests = 64

/** Values of one list; longer ones are uploaded as an audience. */
export const maxListValues = 500

/** Events of one sequence: each further one multiplies the work per customer. */
export const maxSteps = 5

/** Keeps the arithmetic of calendars inside the years that every engine knows. */
export const maxLengthYears = 100

/** Whole digits and decimals of a number: fits 64 bits with room for the smallest unit. */
export const maxWholeDigits = 15
export const maxDecimals = 9

/** Counts and ranks are compared as 32-bit numbers. */
export const maxCount = 2_147_483_647
