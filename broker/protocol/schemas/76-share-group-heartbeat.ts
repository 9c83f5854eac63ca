import { arrayOf, int16, int32, message, string, struct, uuid } from '../fields.ts'

const topicPartitions = { topicId: uuid(), partitions: arrayOf(int32()) }

export const shareGroupHeartbeatRequest = message(
  { name: 'ShareGroupHeartbeatRequest', apiKey: 76, versions: '1', flexible: '0+' },
  {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    rackId: string('0+', { nullable: '0+', default: null }),
    subscribedTopicNames: arrayOf(string(), '0+', { nullable: '0+', default: null }),
  },
)

export const shareGroupHeartbeatResponse = message(
  { name: 'ShareGroupHeartbeatResponse', apiKey: 76, versions: '1', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    memberId: string('0+', { nullable: '0+', default: null }),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    assignment: struct({ topicPartitions: arrayOf(topicPartitions) }, '0+', {
      nullable: '0+',
      default: null,
    }),
  },
)
