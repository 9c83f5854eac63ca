import { arrayOf, bytes, int32, int64, message, string } from '../fields.ts'

const memberMetadata = {
  memberId: string(),
  groupInstanceId: string('3+', { nullable: '0+', default: null }),
  clientId: string(),
  clientHost: string(),
  rebalanceTimeout: int32('1+', { default: -1 }),
  sessionTimeout: int32(),
  subscription: bytes(),
  assignment: bytes(),
}

export const groupMetadataKey = message(
  { name: 'GroupMetadataKey', apiKey: 2, versions: '0', flexible: 'none' },
  { group: string() },
)

export const groupMetadataValue = message(
  { name: 'GroupMetadataValue', apiKey: 2, versions: '0-4', flexible: '4+' },
  {
    protocolType: string(),
    generation: int32(),
    protocol: string('0+', { nullable: '0+' }),
    leader: string('0+', { nullable: '0+' }),
    currentStateTimestamp: int64('2+', { default: -1 }),
    members: arrayOf(memberMetadata),
  },
)
