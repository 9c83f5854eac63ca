import type { ClusterHandle } from '../clusters.ts'
import { KafkaError } from '../kafka/kafka-error.ts'
import { historyStepMs } from '../live/series.ts'
import type { TopicState } from '../live/topic-state.ts'
import { partitionView, recordsOf, topicHistoryView } from '../live/topic-views.ts'
import { type Feed, PointCursor } from './feed.ts'

const noop = () => {}

/** Figures of the topics that move; 10,000 at rest cost nothing. */
export function topicsFeed({ state }: ClusterHandle): Feed<'topics'> {
  let version = 0
  let shapeVersion = 0
  const rate = (topic: TopicState) => ({
    name: topic.name,
    records: recordsOf(topic),
    precision: topic.precision,
    sizeBytes: topic.sizeBytes,
    recordsPerSecond: topic.recordsPerSecond,
  })
  return {
    everyMs: 500,
    snapshot: () => {
      version = state.version
      shapeVersion = state.shapeVersion
      return { topics: [...state.topics.values()].filter((topic) => topic.recordsPerSecond > 0).map(rate) }
    },
    update: () => {
      if (state.version === version) return null
      const topics = [...state.topics.values()].filter((topic) => topic.version > version).map(rate)
      const changed = state.shapeVersion > shapeVersion
      version = state.version
      shapeVersion = state.shapeVersion
      return topics.length === 0 && !changed ? null : { topics, changed }
    },
    close: noop,
  }
}

/** Partitions of one topic, and each append on the embedded broker: what the lanes draw. */
export function topicFeed(cluster: ClusterHandle, name: string): Feed<'topic'> {
  const { state } = cluster
  const first = state.topics.get(name)
  if (first === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic ${name}.`)
  const unwatch = cluster.watchAppends(name)
  const points = new PointCursor()
  let version = 0
  let shapeVersion = 0
  let nextAppend = 0
  let gone = false
  return {
    everyMs: 50,
    snapshot: () => {
      const topic = state.topics.get(name) ?? first
      version = state.version
      shapeVersion = topic.shapeVersion
      nextAppend = topic.appends.next
      points.reset(state.now(), historyStepMs)
      return { partitions: topic.partitions.map(partitionView), history: topicHistoryView(topic) }
    },
    update: () => {
      const topic = state.topics.get(name)
      if (topic === undefined) {
        if (gone) return null
        gone = true
        return {
          partitions: [],
          appends: [],
          points: { recordsPerSecond: [], partitions: [] },
          changed: true,
        }
      }
      const changed = gone || topic.shapeVersion > shapeVersion
      gone = false
      const since = points.take(state.now(), historyStepMs)
      const moved = topic.version > version
      const { events: appends } = topic.appends.since(nextAppend)
      if (!moved && !changed && since === undefined && appends.length === 0) return null
      const partitions = moved ? topic.partitions.filter((partition) => partition.version > version) : []
      version = state.version
      shapeVersion = topic.shapeVersion
      nextAppend = topic.appends.next
      return {
        partitions: partitions.map(partitionView),
        appends,
        points:
          since === undefined ? { recordsPerSecond: [], partitions: [] } : topicHistoryView(topic, since),
        changed,
      }
    },
    close: unwatch,
  }
}
