import type { z } from 'zod'
import type { subscription } from '../../contract/live.ts'
import type { ClusterHandle } from '../clusters.ts'
import type { Dashboard } from '../http/router.ts'
import { brokersFeed, clientsFeed, clustersFeed, overviewFeed, sampleFeed } from './cluster-feeds.ts'
import type { Feed } from './feed.ts'
import { groupFeed, groupsFeed } from './group-feeds.ts'
import { searchFeed } from './search-feed.ts'
import { tailFeed } from './tail-feed.ts'
import { topicFeed, topicsFeed } from './topic-feeds.ts'

type Wanted = z.output<typeof subscription>
type OnCluster = Exclude<Wanted, { channel: 'clusters' }>

/** The feed of a subscription, and the way to say that nobody looks at its cluster any more. */
export function openFeed(dashboard: Dashboard, wanted: Wanted): { feed: Feed; viewing: () => void } {
  if (wanted.channel === 'clusters') return { feed: clustersFeed(dashboard.clusters), viewing: () => {} }
  const cluster = dashboard.clusters.get(wanted.cluster)
  const feed = onCluster(dashboard, cluster, wanted)
  return { feed, viewing: cluster.watch() }
}

function onCluster(dashboard: Dashboard, cluster: ClusterHandle, wanted: OnCluster): Feed {
  switch (wanted.channel) {
    case 'overview':
      return overviewFeed(cluster)
    case 'topics':
      return topicsFeed(cluster)
    case 'topic':
      return topicFeed(cluster, wanted.topic)
    case 'groups':
      return groupsFeed(cluster)
    case 'group':
      return groupFeed(cluster, wanted.group)
    case 'brokers':
      return brokersFeed(cluster)
    case 'clients':
      return clientsFeed(cluster)
    case 'sample':
      return sampleFeed(cluster)
    case 'tail':
      return tailFeed(cluster, wanted)
    case 'search':
      return searchFeed(cluster, wanted, dashboard.searches)
  }
}
