import { codecs } from '../interop/client.ts'
import { describeClient } from '../interop/suite.ts'
import { platformaticClient } from './platformatic-client.ts'
import { startTarget } from './target.ts'

describeClient({
  name: 'platformatic',
  start: async () => {
    const target = await startTarget()
    const client = platformaticClient(target.bootstrap)
    return {
      ...client,
      async [Symbol.asyncDispose]() {
        await client[Symbol.asyncDispose]()
        await target[Symbol.asyncDispose]()
      },
    }
  },
  codecs,
  modes: [{ protocol: 'classic' }, { protocol: 'consumer' }],
})
