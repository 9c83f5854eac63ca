import { arrayOf, bool, int16, int32, int64, message, string } from '../fields.ts'

const addPartitionsToTxnTopic = { name: string(), partitions: arrayOf(int32()) }

const addPartitionsToTxnPartitionResult = { partitionIndex: int32(), partitionErrorCode: int16() }

const addPartitionsToTxnTopicResult = {
  name: string(),
  resultsByPartition: arrayOf(addPartitionsToTxnPartitionResult),
}

export const addPartitionsToTxnRequest = message(
  { name: 'AddPartitionsToTxnRequest', apiKey: 24, versions: '0-5', flexible: '3+' },
  {
    transactions: arrayOf(
      {
        transactionalId: string(),
        producerId: int64(),
        producerEpoch: int16(),
        verifyOnly: bool('0+', { default: false }),
        topics: arrayOf(addPartitionsToTxnTopic),
      },
      '4+',
    ),
    v3AndBelowTransactionalId: string('0-3'),
    v3AndBelowProducerId: int64('0-3'),
    v3AndBelowProducerEpoch: int16('0-3'),
    v3AndBelowTopics: arrayOf(addPartitionsToTxnTopic, '0-3'),
  },
)

export const addPartitionsToTxnResponse = message(
  { name: 'AddPartitionsToTxnResponse', apiKey: 24, versions: '0-5', flexible: '3+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16('4+'),
    resultsByTransaction: arrayOf(
      { transactionalId: string(), topicResults: arrayOf(addPartitionsToTxnTopicResult) },
      '4+',
    ),
    resultsByTopicV3AndBelow: arrayOf(addPartitionsToTxnTopicResult, '0-3'),
  },
)
