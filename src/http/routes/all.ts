/** Every route there is. The pages come last, since they answer whatever nothing else does. */
import type { GuardedRoute } from '../guard.ts'
import { accessLogRoutes } from './access-log.ts'
import { catalogRoutes } from './catalog.ts'
import { countRoutes } from './counts.ts'
import { dataRoutes } from './data.ts'
import { deliveryRoutes } from './deliveries.ts'
import { exportRoutes } from './exports.ts'
import { pageRoutes } from './pages.ts'
import { partyRoutes } from './parties.ts'
import { peopleRoutes } from './people.ts'
import { audienceRoutes, segmentRoutes } from './segments.ts'
import { ruleRoutes } from './rules.ts'
import { serviceRoutes } from './service.ts'
import { sessionRoutes } from './session.ts'
import { tokenRoutes } from './tokens.ts'

export const allRoutes = (): readonly GuardedRoute[] => [
  ...serviceRoutes(),
  ...sessionRoutes(),
  ...tokenRoutes(),
  ...peopleRoutes(),
  ...catalogRoutes(),
  ...partyRoutes(),
  ...ruleRoutes(),
  ...countRoutes(),
  ...segmentRoutes(),
  ...audienceRoutes(),
  ...exportRoutes(),
  ...deliveryRoutes(),
  ...dataRoutes(),
  ...accessLogRoutes(),
  ...pageRoutes(),
]
