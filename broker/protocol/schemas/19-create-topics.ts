import { arrayOf, bool, int8, int16, int32, message, string, uuid } from '../fields.ts'

export const createTopicsRequest = message(
  { name: 'CreateTopicsRequest', apiKey: 19, versions: '2-7', flexible: '5+' },
  {
    topics: arrayOf({
      name: string(),
      numPartitions: int32(),
      replicationFactor: int16(),
      assignments: arrayOf({ partitionIndex: int32(), brokerIds: arrayOf(int32()) }),
      configs: arrayOf({ name: string(), value: string('0+', { nullable: '0+' }) }),
    }),
    timeoutMs: int32('0+', { default: 60000 }),
    validateOnly: bool('0+', { default: false }),
  },
)

export const createTopicsResponse = message(
  { name: 'CreateTopicsResponse', apiKey: 19, versions: '2-7', flexible: '5+' },
  {
    throttleTimeMs: int32(),
    topics: arrayOf({
      name: string(),
      topicId: uuid('7+'),
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      topicConfigErrorCode: int16('5+', { tag: 0 }),
      numPartitions: int32('5+', { default: -1 }),
      replicationFactor: int16('5+', { default: -1 }),
      configs: arrayOf(
        {
          name: string(),
          value: string('0+', { nullable: '0+' }),
          readOnly: bool(),
          configSource: int8('0+', { default: -1 }),
          isSensitive: bool(),
        },
        '5+',
        { nullable: '0+' },
      ),
    }),
  },
)
