/** Addresses of pages. Only ids stand in them, never a value of a person. */
import { useEffect, useState } from 'preact/hooks'

const changed = 'yunqun:navigate'

let moved = false

/** Whether the page on show was reached from another one of ours. */
export const hasMoved = (): boolean => moved

export function navigate(path: string): void {
  moved = true
  history.pushState(null, '', path)
  dispatchEvent(new Event(changed))
  scrollTo(0, 0)
}

/** The page stays as it is and has another address from now on. */
export const replaceAddress = (path: string): void => history.replaceState(null, '', path)

export function usePath(): string {
  const [path, setPath] = useState(location.pathname)
  useEffect(() => {
    const update = (): void => setPath(location.pathname)
    addEventListener('popstate', update)
    addEventListener(changed, update)
    return () => {
      removeEventListener('popstate', update)
      removeEventListener(changed, update)
    }
  }, [])
  return path
}
