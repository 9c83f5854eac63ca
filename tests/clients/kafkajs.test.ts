import { codecs, type SentRecord } from '../interop/client.ts'
import { describeClient } from '../interop/suite.ts'
import { kafkaJsClient } from './kafkajs-client.ts'
import { startTarget } from './target.ts'

/** kafkajs cannot encode a header without a value. */
const withoutNullHeaders = (record: SentRecord): SentRecord => ({
  ...record,
  headers: record.headers.filter(([, value]) => value !== null),
})

describeClient({
  name: 'kafkajs',
  start: async () => {
    const target = await startTarget()
    const client = kafkaJsClient(target.bootstrap)
    return {
      ...client,
      async [Symbol.asyncDispose]() {
        await client[Symbol.asyncDispose]()
        await target[Symbol.asyncDispose]()
      },
    }
  },
  codecs,
  modes: [{ protocol: 'classic' }],
  adapt: withoutNullHeaders,
})
