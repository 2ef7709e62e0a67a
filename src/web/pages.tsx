/** The page of an address. Pages that speak the rule language load when they are first opened. */
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useWords } from './i18n.ts'
import { entries, entriesOf, homeOf } from './menu.ts'
import { AudiencePage } from './pages/audience.tsx'
import { AudiencesPage } from './pages/audiences.tsx'
import { ApprovalsPage, ExportsPage } from './pages/exports.tsx'
import { LogPage } from './pages/log.tsx'
import { PeoplePage } from './pages/people.tsx'
import { SegmentsPage } from './pages/segments.tsx'
import { EmptyState } from './parts/empty-state.tsx'
import { Link } from './parts/link.tsx'
import { ProblemNote } from './parts/problem-note.tsx'
import { Skeleton } from './parts/skeleton.tsx'
import type { Me, PageProps } from './shapes.ts'

export function CurrentPage(props: { readonly me: Me; readonly path: string }) {
  const { me, path } = props
  const [, first = '', id] = (path === '/' ? homeOf(me) : path).split('/')
  const entry = entries.find((one) => one.path === `/${first}`)
  if (entry === undefined) return <Nowhere message="pageNotFound" />
  if (!entriesOf(me).includes(entry)) return <Nowhere message="notAllowed" />
  const Page = id === undefined || id === '' ? lists[entry.path] : (items[entry.path] ?? undefined)
  return Page === undefined ? <Nowhere message="pageNotFound" /> : <Page me={me} id={id} />
}

const RulePage = later(async () => (await import('./pages/rule/rule.tsx')).RulePage)
const ExportPage = later(async () => (await import('./pages/export.tsx')).ExportPage)
const CatalogPage = later(async () => (await import('./pages/catalog.tsx')).CatalogPage)

const lists: Readonly<Record<string, ComponentType<PageProps>>> = {
  '/approvals': ApprovalsPage,
  '/rule': RulePage,
  '/segments': SegmentsPage,
  '/audiences': AudiencesPage,
  '/exports': ExportsPage,
  '/log': LogPage,
  '/people': PeoplePage,
  '/catalog': CatalogPage,
}

const items: Readonly<Record<string, ComponentType<PageProps>>> = {
  '/rule': RulePage,
  '/audiences': AudiencePage,
  '/exports': ExportPage,
}

/** A page whose program comes when it is first shown. */
function later(load: () => Promise<ComponentType<PageProps>>): ComponentType<PageProps> {
  let loaded: ComponentType<PageProps> | undefined
  return function Later(props: PageProps) {
    const [, shown] = useState(0)
    const [failed, setFailed] = useState(false)
    useEffect(() => {
      if (loaded !== undefined) return
      const bring = async (): Promise<void> => {
        loaded = await load()
        shown((n) => n + 1)
      }
      bring().catch(() => setFailed(true))
    }, [])
    if (failed)
      return (
        <ProblemNote
          problem={{ status: 0, code: 'offline', title: '' }}
          onRetry={() => location.reload()}
        />
      )
    const Page = loaded
    return Page === undefined ? <Skeleton /> : <Page {...props} />
  }
}

function Nowhere(props: { readonly message: 'pageNotFound' | 'notAllowed' }) {
  const { t } = useWords()
  return (
    <EmptyState title={t[props.message]}>
      <Link to="/" class="button">
        {t.toStart}
      </Link>
    </EmptyState>
  )
}
