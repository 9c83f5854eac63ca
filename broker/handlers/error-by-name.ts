import { allErrors, errorCode } from '../protocol/error-codes.ts'

const codeByName: ReadonlyMap<string, number> = new Map(allErrors().map(({ name, code }) => [name, code]))

/** The number of an error that the log or the partition names; one we do not have is a bug and unknown. */
export function codeOfName(name: string): number {
  return codeByName.get(name) ?? errorCode.unknownServerError
}
