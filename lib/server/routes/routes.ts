import type { Handlers } from '../http/router.ts'
import { brokerRoutes } from './broker-routes.ts'
import { clusterRoutes } from './cluster-routes.ts'
import { groupRoutes } from './group-routes.ts'
import { recordRoutes } from './record-routes.ts'
import { sampleRoutes } from './sample-routes.ts'
import { topicRoutes } from './topic-routes.ts'

/** A handler for every endpoint of the contract; the type says when one is missing. */
export const routes: Handlers = {
  ...clusterRoutes,
  ...topicRoutes,
  ...recordRoutes,
  ...groupRoutes,
  ...brokerRoutes,
  ...sampleRoutes,
}
