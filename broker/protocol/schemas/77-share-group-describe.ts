import { arrayOf, bool, int16, int32, message, string, struct, uuid } from '../fields.ts'

const topicPartitions = { topicId: uuid(), topicName: string(), partitions: arrayOf(int32()) }

const assignment = { topicPartitions: arrayOf(topicPartitions) }

export const shareGroupDescribeRequest = message(
  { name: 'ShareGroupDescribeRequest', apiKey: 77, versions: '1', flexible: '0+' },
  { groupIds: arrayOf(string()), includeAuthorizedOperations: bool() },
)

export const shareGroupDescribeResponse = message(
  { name: 'ShareGroupDescribeResponse', apiKey: 77, versions: '1', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    groups: arrayOf({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+', default: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      assignorName: string(),
      members: arrayOf({
        memberId: string(),
        rackId: string('0+', { nullable: '0+', default: null }),
        memberEpoch: int32(),
        clientId: string(),
        clientHost: string(),
        subscribedTopicNames: arrayOf(string()),
        assignment: struct(assignment),
      }),
      authorizedOperations: int32('0+', { default: -2147483648 }),
    }),
  },
)
