import { afterAll, beforeAll, describe, inject, test } from 'vitest'
import { expectRight, prepareStreams, type StreamsRun } from './streams-run.ts'

/* A Kafka Streams application is killed (-9) at work and started again; what comes out in the end is what should. */

describe.each(['exactly_once_v2', 'at_least_once'] as const)('Kafka Streams, %s', (guarantee) => {
  let run: StreamsRun

  beforeAll(async () => {
    run = await prepareStreams(inject('bootstrap'), guarantee)
  })
  afterAll(() => run?.[Symbol.asyncDispose](), 60_000)

  test('killed at work and started again, it gets everything right', async () => {
    await run.feed(0, 0.5)
    await run.start()
    await run.read('joined', (records) => records.length > 50)
    await run.kill()
    await run.feed(0.5, 1)
    await run.start()
    await expectRight(run, guarantee)
  }, 240_000)
})
