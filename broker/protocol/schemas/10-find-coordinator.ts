import { arrayOf, int8, int16, int32, message, string } from '../fields.ts'

export const findCoordinatorRequest = message(
  { name: 'FindCoordinatorRequest', apiKey: 10, versions: '0-6', flexible: '3+' },
  { key: string('0-3'), keyType: int8('1+', { default: 0 }), coordinatorKeys: arrayOf(string(), '4+') },
)

export const findCoordinatorResponse = message(
  { name: 'FindCoordinatorResponse', apiKey: 10, versions: '0-6', flexible: '3+' },
  {
    throttleTimeMs: int32('1+'),
    errorCode: int16('0-3'),
    errorMessage: string('1-3', { nullable: '0+' }),
    nodeId: int32('0-3'),
    host: string('0-3'),
    port: int32('0-3'),
    coordinators: arrayOf(
      {
        key: string(),
        nodeId: int32(),
        host: string(),
        port: int32(),
        errorCode: int16(),
        errorMessage: string('0+', { nullable: '0+' }),
      },
      '4+',
    ),
  },
)
