import { pbkdf2Sync } from 'node:crypto'
import { expect, test } from 'vitest'
import { planScramAlterations } from '../../../../broker/security/scram/alter-credentials.ts'
import { scramCredential } from '../../../../broker/security/scram/scram-credential.ts'

test('keys of RFC 7677: user "user", password "pencil"', () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  const saltedPassword = pbkdf2Sync('pencil', salt, 4096, 32, 'sha256')
  const credential = scramCredential(1, { salt, saltedPassword, iterations: 4096 })
  expect(credential?.storedKey.toString('base64')).toBe('WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=')
  expect(credential?.serverKey.toString('base64')).toBe('wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=')
  expect(scramCredential(2, { salt, saltedPassword, iterations: 4096 })?.storedKey).toHaveLength(64)
})

const upsertion = (name: string, mechanism = 1, iterations = 4096) => {
  return { name, mechanism, iterations, salt: Buffer.of(1), saltedPassword: Buffer.alloc(32, 1) }
}

test('a user is altered once a request, in whatever ways it is named', () => {
  const both = planScramAlterations([{ name: 'a', mechanism: 1 }], [upsertion('a', 2)], () => true)
  expect(both.changes).toEqual([])
  expect(both.faults.get('a')?.error).toBe('DUPLICATE_RESOURCE')
  const thrice = planScramAlterations([], [upsertion('a'), upsertion('a', 2), upsertion('a')], () => true)
  expect(thrice.changes).toEqual([])
  expect(thrice.faults.get('a')?.error).toBe('DUPLICATE_RESOURCE')
})

test('the first fault of a user stays', () => {
  const { changes, faults } = planScramAlterations([], [upsertion('a', 1, 5), upsertion('a', 2)], () => true)
  expect(changes).toEqual([])
  expect(faults.get('a')).toEqual({ error: 'UNACCEPTABLE_CREDENTIAL', message: 'Too few iterations' })
})
