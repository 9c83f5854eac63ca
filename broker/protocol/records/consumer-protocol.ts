import { arrayOf, bytes, int32, message, string } from '../fields.ts'

const topicPartition = { topic: string(), partitions: arrayOf(int32()) }

export const consumerProtocolSubscription = message(
  { name: 'ConsumerProtocolSubscription', versions: '0-3', flexible: 'none' },
  {
    topics: arrayOf(string()),
    userData: bytes('0+', { nullable: '0+', default: null }),
    ownedPartitions: arrayOf(topicPartition, '1+'),
    generationId: int32('2+', { default: -1 }),
    rackId: string('3+', { nullable: '0+', default: null }),
  },
)

export const consumerProtocolAssignment = message(
  { name: 'ConsumerProtocolAssignment', versions: '0-3', flexible: 'none' },
  { assignedPartitions: arrayOf(topicPartition), userData: bytes('0+', { nullable: '0+', default: null }) },
)
