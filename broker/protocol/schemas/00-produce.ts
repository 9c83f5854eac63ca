import { arrayOf, int16, int32, int64, message, records, string, struct, uuid } from '../fields.ts'

export const produceRequest = message(
  { name: 'ProduceRequest', apiKey: 0, versions: '3-13', flexible: '9+' },
  {
    transactionalId: string('0+', { nullable: '0+', default: null }),
    acks: int16(),
    timeoutMs: int32(),
    topicData: arrayOf({
      name: string('0-12'),
      topicId: uuid('13+'),
      partitionData: arrayOf({ index: int32(), records: records('0+', { nullable: '0+' }) }),
    }),
  },
)

export const produceResponse = message(
  { name: 'ProduceResponse', apiKey: 0, versions: '3-13', flexible: '9+' },
  {
    responses: arrayOf({
      name: string('0-12'),
      topicId: uuid('13+'),
      partitionResponses: arrayOf({
        index: int32(),
        errorCode: int16(),
        baseOffset: int64(),
        logAppendTimeMs: int64('0+', { default: -1 }),
        logStartOffset: int64('5+', { default: -1 }),
        recordErrors: arrayOf(
          { batchIndex: int32(), batchIndexErrorMessage: string('0+', { nullable: '0+', default: null }) },
          '8+',
        ),
        errorMessage: string('8+', { nullable: '0+', default: null }),
        currentLeader: struct(
          { leaderId: int32('0+', { default: -1 }), leaderEpoch: int32('0+', { default: -1 }) },
          '10+',
          { tag: 0 },
        ),
      }),
    }),
    throttleTimeMs: int32('0+', { default: 0 }),
    nodeEndpoints: arrayOf(
      {
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string('0+', { nullable: '0+', default: null }),
      },
      '10+',
      { tag: 0 },
    ),
  },
)
