import { arrayOf, int16, message, string } from '../fields.ts'

export const saslHandshakeRequest = message(
  { name: 'SaslHandshakeRequest', apiKey: 17, versions: '0-1', flexible: 'none' },
  { mechanism: string() },
)

export const saslHandshakeResponse = message(
  { name: 'SaslHandshakeResponse', apiKey: 17, versions: '0-1', flexible: 'none' },
  { errorCode: int16(), mechanisms: arrayOf(string()) },
)
