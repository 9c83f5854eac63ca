import { arrayOf, bool, int8, int16, int32, message, string } from '../fields.ts'

export const describeConfigsRequest = message(
  { name: 'DescribeConfigsRequest', apiKey: 32, versions: '1-4', flexible: '4+' },
  {
    resources: arrayOf({
      resourceType: int8(),
      resourceName: string(),
      configurationKeys: arrayOf(string(), '0+', { nullable: '0+' }),
    }),
    includeSynonyms: bool('0+', { default: false }),
    includeDocumentation: bool('3+', { default: false }),
  },
)

export const describeConfigsResponse = message(
  { name: 'DescribeConfigsResponse', apiKey: 32, versions: '1-4', flexible: '4+' },
  {
    throttleTimeMs: int32(),
    results: arrayOf({
      errorCode: int16(),
      errorMessage: string('0+', { nullable: '0+' }),
      resourceType: int8(),
      resourceName: string(),
      configs: arrayOf({
        name: string(),
        value: string('0+', { nullable: '0+' }),
        readOnly: bool(),
        configSource: int8('0+', { default: -1 }),
        isSensitive: bool(),
        synonyms: arrayOf({ name: string(), value: string('0+', { nullable: '0+' }), source: int8() }),
        configType: int8('3+', { default: 0 }),
        documentation: string('3+', { nullable: '0+' }),
      }),
    }),
  },
)
