/** In which order the files of a dataset are read, and what each of them must have. */
import type { Columns } from './columns.ts'
import { columnsOfField } from './customer-cells.ts'
import { consentsFeed } from './consents.ts'
import { contactsFeed, customersFeed } from './customers.ts'
import type { Dataset, DatasetContacts, DatasetCustomers, DatasetEvent } from './dataset.ts'
import { tagColumns } from './draft.ts'
import { eventsFeed } from './events.ts'
import type { CustomerFinder } from './events.ts'
import type { Feed, FeedSetup } from './feed.ts'

/** One reading of one file. Customers come before what speaks of them. */
export interface Step {
  readonly file: string
  readonly uses: readonly Use[]
}

/** One feed of a step, before the catalogue is there. */
export interface Use {
  readonly missing: readonly string[]
  /** Every column it reads. */
  readonly columns: readonly string[]
  readonly open: (setup: FeedSetup, columns: Columns, finder: CustomerFinder) => Feed
}

export function planOf(dataset: Dataset): readonly Step[] {
  const { customers, events = [], consents = [] } = dataset
  const steps: Step[] = []
  if (customers !== undefined) {
    steps.push({ file: customers.file, uses: [customersUse(dataset, customers)] })
    const { contacts } = customers
    if (contacts !== undefined) steps.push({ file: contacts.file, uses: [contactsUse(contacts)] })
  }
  for (const [file, group] of Map.groupBy(events, (event) => event.file)) {
    steps.push({ file, uses: group.map(eventUse) })
  }
  for (const declared of consents) {
    const { file, missing = [], columns } = declared
    steps.push({
      file,
      uses: [
        {
          missing,
          columns: Object.values(columns).filter((column) => column !== undefined),
          open: (setup, found, finder) => consentsFeed(setup, found, declared, finder),
        },
      ],
    })
  }
  return steps
}

const personColumns = (declared: DatasetCustomers | DatasetContacts): readonly string[] => [
  declared.id,
  ...Object.values(declared.identifiers ?? {}),
  ...[declared.birthDate, declared.adult, declared.status, declared.noProfiling].filter(
    (column) => column !== undefined,
  ),
]

const customersUse = (dataset: Dataset, customers: DatasetCustomers): Use => ({
  missing: customers.missing ?? [],
  columns: [
    ...personColumns(customers),
    ...Object.values(customers.attributes ?? {}).flatMap(columnsOfField),
    ...tagColumns(dataset).map(({ column }) => column),
  ],
  open: (setup, columns) => customersFeed(setup, columns, customers),
})

const contactsUse = (contacts: DatasetContacts): Use => ({
  missing: contacts.missing ?? [],
  columns: personColumns(contacts),
  open: (setup, columns) => contactsFeed(setup, columns, contacts),
})

const eventUse = (event: DatasetEvent): Use => ({
  missing: event.missing ?? [],
  columns: [
    event.customer,
    event.time,
    ...(event.id === undefined ? [] : [event.id].flat()),
    ...Object.keys(event.where ?? {}),
    ...Object.values(event.properties ?? {}).flatMap(columnsOfField),
  ],
  open: (setup, columns, finder) => eventsFeed(setup, columns, event, finder),
})
