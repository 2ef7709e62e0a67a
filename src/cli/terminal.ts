/** Where a command's words go: the answer to standard output, everything else to standard error. */

export interface Terminal {
  /** The answer, and nothing but. */
  readonly answer: (text: string) => void
  /** Progress and messages. */
  readonly say: (text: string) => void
}

export const processTerminal: Terminal = {
  answer: (text) => {
    process.stdout.write(`${text}\n`)
  },
  say: (text) => {
    process.stderr.write(`${text}\n`)
  },
}

/** 0 done, 1 refused or failed with one sentence, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2

export function fail(terminal: Terminal, sentence: string): 1 {
  terminal.say(`yunqun: ${sentence}`)
  return 1
}
