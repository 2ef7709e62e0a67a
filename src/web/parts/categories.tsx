/** Categories of data, by the words of privacy notices where they are known. */
import { useWords } from '../i18n.ts'
import { categoryLabels } from '../messages/categories.ts'

export function Categories(props: { readonly ids: readonly string[]; readonly none: string }) {
  const { locale } = useWords()
  if (props.ids.length === 0) return <span class="quiet">{props.none}</span>
  return (
    <ul class="tags">
      {props.ids.map((id) => {
        const label = categoryLabels[id]
        return (
          <li key={id} class="tag" title={id}>
            {label === undefined ? id : label[locale === 'en' ? 'en' : 'zh']}
          </li>
        )
      })}
    </ul>
  )
}
