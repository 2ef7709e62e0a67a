/** How far something is, drawn and said. */
import { useWords } from '../i18n.ts'

export function Progress(props: { readonly percent: number }) {
  const { t } = useWords()
  return (
    <div
      class="bar"
      role="progressbar"
      aria-label={t.progress}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={props.percent}
    >
      <span style={{ width: `${props.percent}%` }} />
    </div>
  )
}
