import { expect, test } from 'vitest'
import { DecodeError, EncodeError } from '../../../broker/protocol/errors.ts'
import { Reader } from '../../../broker/protocol/reader.ts'
import { structReader, structWriter } from '../../../broker/protocol/struct-code.ts'
import { Writer } from '../../../broker/protocol/writer.ts'

const thrown = (task: () => unknown): unknown => {
  try {
    return task()
  } catch (error) {
    return error
  }
}

const readInt8 = (reader: Reader) => reader.int8()

test('reads fields in their order into an object of that order', () => {
  const read = structReader(['b', 'a'], [readInt8, readInt8])
  const reader = new Reader(Buffer.from([1, 2, 3]))
  expect(Object.entries(read(reader) as object)).toEqual([
    ['b', 1],
    ['a', 2],
  ])
  expect(reader.remaining).toBe(1)
})

test('a struct without fields takes no bytes', () => {
  expect(structReader([], [])(new Reader(Buffer.alloc(0)))).toEqual({})
})

test.each([0, 1])('an error in field %i bears its name', (index) => {
  const read = structReader(['first', 'second'], [readInt8, readInt8])
  const error = thrown(() => read(new Reader(Buffer.alloc(index))))
  expect(error).toBeInstanceOf(DecodeError)
  expect((error as DecodeError).field).toBe(['.first', '.second'][index])
})

test('writes defaults for what is not there, and says in which field a value is wrong', () => {
  const write = structWriter(
    ['a', 'b'].map((name) => ({
      name,
      write: (writer: Writer, value: unknown) => {
        if (typeof value !== 'number') throw new EncodeError('no number')
        writer.int8(value)
      },
      makeDefault: () => 7,
    })),
  )
  const writer = new Writer()
  write(writer, { b: 1 })
  expect(Buffer.concat(writer.buffers())).toEqual(Buffer.from([7, 1]))
  expect((thrown(() => write(new Writer(), { a: 1, b: 'x' })) as EncodeError).field).toBe('.b')
  expect(thrown(() => write(new Writer(), null))).toBeInstanceOf(EncodeError)
})

test('what is no name of a field never becomes code', () => {
  expect(() => structReader(['a: process.exit(1), b'], [readInt8])).toThrow('is no name of a field')
})
