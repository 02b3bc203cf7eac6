import { CallFailure } from '@sluice/contract'
import { expect, test } from 'vitest'
import { describeFailure } from './describe-failure.ts'

const failed = (code: string, message = 'connect 10.0.0.5:443') => Object.assign(new Error(message), { code })

test.each([
  ['ECONNREFUSED', 'upstream', 'api.test refused the connection. It may be down; try again later. (ECONNREFUSED)'],
  ['EHOSTUNREACH', 'upstream', 'api.test cannot be reached. It may be down; try again later. (EHOSTUNREACH)'],
  ['ENOTFOUND', 'upstream', 'The name of api.test could not be resolved. (ENOTFOUND)'],
  ['EAI_AGAIN', 'upstream', 'The name of api.test could not be resolved. (EAI_AGAIN)'],
  ['CERT_HAS_EXPIRED', 'upstream', 'The TLS certificate of api.test has expired. (CERT_HAS_EXPIRED)'],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'upstream',
    'The TLS certificate of api.test is for another name. (ERR_TLS_CERT_ALTNAME_INVALID)',
  ],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'upstream',
    'The TLS certificate of api.test comes from an authority that is not trusted. The operator can trust it: start Sluice with NODE_EXTRA_CA_CERTS naming a PEM file that holds it. (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
  ],
  ['HPE_INVALID_CONSTANT', 'upstream', 'api.test gave an answer that is not valid HTTP. (HPE_INVALID_CONSTANT)'],
  ['ESOMETHING', 'upstream', 'The call of api.test failed. (ESOMETHING)'],
])('B140 %s becomes "%s" with class and host, without the address', (code, kind, message) => {
  const cause = failed(code)
  expect(describeFailure(cause, 'api.test', 'GET')).toMatchObject({ name: 'CallFailure', kind, message, cause })
})

test('a connection lost under an unsafe request leaves the doubt that it was carried out', () => {
  expect(describeFailure(failed('ECONNRESET'), 'api.test', 'POST')).toMatchObject({
    message:
      'api.test closed the connection before its answer was complete. (ECONNRESET) The request may have been carried out nevertheless.',
  })
})

test('a CallFailure stays as it is', () => {
  const failure = new CallFailure('blocked', 'no')
  expect(describeFailure(failure, 'api.test', 'GET')).toBe(failure)
})

test('an error without a code is a bug and stays one', () => {
  const bug = new TypeError('x is undefined')
  expect(describeFailure(bug, 'api.test', 'GET')).toBe(bug)
})
