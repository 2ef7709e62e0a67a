/** Whether somebody signed in on this device: the cookie itself is hidden from the pages. */

const signedInKey = 'yunqun.signed-in'

export function noteSignedIn(isIn: boolean): void {
  if (isIn) localStorage.setItem(signedInKey, 'yes')
  else localStorage.removeItem(signedInKey)
}

export const wasSignedIn = (): boolean => localStorage.getItem(signedInKey) !== null
