import { expect, test } from 'vitest'
import { configResourceType } from '../../../broker/cluster/metadata-image.ts'
import { seededRandom } from '../../../broker/core/random.ts'
import { encodeRecordBatch } from '../../../broker/records/record-batch-builder.ts'
import { NodeFixture } from '../handlers/node-fixture.ts'

test('what the controller answered is there after a power cut, and no folder of a topic is deleted', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = seededRandom(seed)
    const before = new NodeFixture()
    const { controller } = before.node
    const names = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, index) => `topic-${index}`)
    for (const name of names) {
      controller.createTopics([{ name, numPartitions: 2, replicationFactor: 1 }])
      const partition = before.node.partition(name, 0)!
      partition.append(encodeRecordBatch({ records: [{ value: 'x' }] }), 'client')
      if (partition.state.status === 'online') partition.state.log.flush()
    }
    controller.createTopics([{ name: 'deleted', numPartitions: 1, replicationFactor: 1 }])
    controller.deleteTopics([{ name: 'deleted' }])
    const changes = new Map([['retention.ms', '77']])
    controller.alterConfigs([{ resourceType: configResourceType.topic, resourceName: 'topic-0', changes }])
    controller.alterClientQuotas(new Map([['user', null]]), new Map([['producer_byte_rate', 5]]))

    const { node } = new NodeFixture({}, before.disk.crashed(random))
    expect(
      node.image.topics().map(({ name }) => name),
      `seed ${seed}`,
    ).toEqual(names)
    expect(node.topicConfig('topic-0')['retention.ms'], `seed ${seed}`).toBe(77)
    expect([...node.image.clientQuotas.values()], `seed ${seed}`).toHaveLength(1)
    for (const name of names) expect(node.partition(name, 0)!.logEndOffset, `seed ${seed}`).toBe(1)
  }
})
