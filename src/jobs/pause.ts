/** Waiting that a call can cut short. */

export interface Pause {
  /** Resolves after the time, at the next `wake`, or at once when nobody waited since the last one. */
  readonly wait: (ms: number) => Promise<void>
  readonly wake: () => void
}

export function makePause(): Pause {
  let wakeUp: (() => void) | undefined
  let isWoken = false
  return {
    wait: async (ms) => {
      if (!isWoken)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          wakeUp = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      wakeUp = undefined
      isWoken = false
    },
    wake: () => {
      isWoken = true
      wakeUp?.()
    },
  }
}
