/** Work that lost a race is done again, a few times. */
import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseError } from 'pg'

const serializationFailure = '40001'
const deadlockDetected = '40P01'
const attemptsDefault = 5
const pauseStepMs = 20

/** Runs `work` again after a serialization failure or a deadlock; `work` must be one whole transaction. */
export async function retryOnConflict<T>(
  work: () => Promise<T>,
  attemptsMax: number = attemptsDefault,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= attemptsMax || !isConflict(error)) throw error
      await delay(randomInt(1, pauseStepMs * attempt + 1))
    }
  }
}

export const isConflict = (error: unknown): boolean =>
  error instanceof DatabaseError &&
  (error.code === serializationFailure || error.code === deadlockDetected)
