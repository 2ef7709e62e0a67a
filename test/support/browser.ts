/** The browser of the page tests: without one they are skipped by name, unless the run requires it. */
import { existsSync } from 'node:fs'

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

export const noBrowser = 'no Chromium was found on this machine (CHROMIUM names its program)'

/**
 * Gives the program of a Chromium, for playwright-core's `executablePath`; undefined when there is none.
 *
 * A run with YUNQUN_REQUIRE_BROWSER=1 fails instead, so that it cannot pass by skipping.
 */
export function findBrowser(): string | undefined {
  const found = [process.env['CHROMIUM'] ?? '', ...usualPlaces].find(
    (place) => place !== '' && existsSync(place),
  )
  if (found === undefined && process.env['YUNQUN_REQUIRE_BROWSER'] === '1')
    throw new Error(noBrowser)
  return found
}
