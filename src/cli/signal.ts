/** Ctrl-C and its like: once to end in order, again to end now. */
import { monotonicMs } from '../kernel/clock.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** npm and the terminal may both hand on the same Ctrl-C. */
const sameMs = 1000

/** Aborts at the first signal; a later one ends the process on the spot. */
export function onSignal(): AbortSignal {
  const controller = new AbortController()
  let firstMs: number | undefined
  for (const signal of signals) {
    process.on(signal, () => {
      firstMs ??= monotonicMs()
      if (controller.signal.aborted && monotonicMs() - firstMs > sameMs) process.exit(130)
      controller.abort(new Error(`ended by ${signal}`))
    })
  }
  return controller.signal
}
