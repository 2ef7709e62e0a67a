/** The shape of what is about to come. */
import { useWords } from '../i18n.ts'

export function Skeleton(props: { readonly lines?: number }) {
  const { t } = useWords()
  return (
    <div class="skeleton" role="status" aria-label={t.loading} data-test="loading">
      {Array.from({ length: props.lines ?? 4 }, (_, index) => (
        <span key={index} aria-hidden="true" />
      ))}
    </div>
  )
}
