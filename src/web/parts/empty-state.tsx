/** Where there is nothing yet: says so, and offers the next step. */
import type { ComponentChildren } from 'preact'

export function EmptyState(props: {
  readonly title: string
  readonly children?: ComponentChildren
}) {
  return (
    <div class="card empty">
      <strong>{props.title}</strong>
      {props.children}
    </div>
  )
}
