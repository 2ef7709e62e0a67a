/** Where a marketer writes: loads what the workbench needs. */
import type { RuleCatalog } from '#grammar'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { useAnswer } from '../../parts/use-answer.ts'
import type { Parties, Segment } from '../../shapes.ts'
import { Workbench } from './workbench.tsx'

export function RulePage(props: { readonly id: string | undefined }) {
  const catalog = useAnswer<RuleCatalog>('/v1/catalog')
  const parties = useAnswer<Parties>('/v1/parties')
  const segment = useAnswer<Segment>(
    props.id === undefined ? undefined : `/v1/segments/${props.id}`,
  )
  const problem = catalog.problem ?? parties.problem ?? segment.problem
  if (problem !== undefined) {
    const retry = (): void => {
      catalog.reload()
      parties.reload()
      segment.reload()
    }
    return <ProblemNote problem={problem} onRetry={retry} />
  }
  const isThere = props.id === undefined || segment.value !== undefined
  if (catalog.value === undefined || parties.value === undefined || !isThere)
    return <Skeleton lines={8} />
  return <Workbench catalog={catalog.value} parties={parties.value} opened={segment.value} />
}
