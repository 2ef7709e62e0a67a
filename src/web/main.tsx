/** Entry of the workplace. */
import { render } from 'preact'
import { App } from './app.tsx'
import { applyRememberedTheme, rememberedLocale, showLocale } from './i18n.ts'

applyRememberedTheme()
showLocale(rememberedLocale())
const root = document.getElementById('app')
if (root !== null) render(<App />, root)
