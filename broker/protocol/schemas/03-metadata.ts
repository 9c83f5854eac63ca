import { arrayOf, bool, int16, int32, message, string, uuid } from '../fields.ts'

export const metadataRequest = message(
  { name: 'MetadataRequest', apiKey: 3, versions: '0-13', flexible: '9+' },
  {
    topics: arrayOf({ topicId: uuid('10+'), name: string('0+', { nullable: '10+' }) }, '0+', {
      nullable: '1+',
    }),
    allowAutoTopicCreation: bool('4+', { default: true }),
    includeClusterAuthorizedOperations: bool('8-10'),
    includeTopicAuthorizedOperations: bool('8+'),
  },
)

export const metadataResponse = message(
  { name: 'MetadataResponse', apiKey: 3, versions: '0-13', flexible: '9+' },
  {
    throttleTimeMs: int32('3+'),
    brokers: arrayOf({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string('1+', { nullable: '0+', default: null }),
    }),
    clusterId: string('2+', { nullable: '0+', default: null }),
    controllerId: int32('1+', { default: -1 }),
    topics: arrayOf({
      errorCode: int16(),
      name: string('0+', { nullable: '12+' }),
      topicId: uuid('10+'),
      isInternal: bool('1+', { default: false }),
      partitions: arrayOf({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32('7+', { default: -1 }),
        replicaNodes: arrayOf(int32()),
        isrNodes: arrayOf(int32()),
        offlineReplicas: arrayOf(int32(), '5+'),
      }),
      topicAuthorizedOperations: int32('8+', { default: -2147483648 }),
    }),
    clusterAuthorizedOperations: int32('8-10', { default: -2147483648 }),
    errorCode: int16('13+'),
  },
)
