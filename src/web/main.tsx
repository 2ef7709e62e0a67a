/** Entry of the workplace. */
import { render } from 'preact'
import { App } from './app.tsx'
import { applyRememberedTheme } from './i18n.ts'

applyRememberedTheme()
const root = document.getElementById('app')
if (root !== null) render(<App />, root)
