import { expect, test } from 'vitest'
import { readTarget } from './read-target.ts'

const read = (url: string, host?: string) =>
  readTarget({ method: 'GET', url, headers: host === undefined ? [] : [['Host', host]] })

test.each([
  ['file:///etc/passwd', 'Only http and https addresses are called, not file:'],
  ['ftp://api.test/', 'Only http and https addresses are called, not ftp:'],
  ['data:text/plain,x', 'Only http and https addresses are called, not data:'],
  ['unix:/var/run/docker.sock', 'Only http and https addresses are called, not unix:'],
  ['javascript:alert(1)', 'Only http and https addresses are called, not javascript:'],
  ['/users', 'The address is not an absolute URL and is not called.'],
  ['http://', 'The address is not an absolute URL and is not called.'],
  ['http://user:pass@api.test/', 'The address of api.test has a user or password in it and is not called.'],
  ['http://user@api.test/', 'The address of api.test has a user or password in it and is not called.'],
  ['http://:pass@api.test/', 'The address of api.test has a user or password in it and is not called.'],
])('S9 %s is refused', (url, message) => {
  expect(() => read(url)).toThrow(expect.objectContaining({ kind: 'blocked', message }))
})

test.each([
  ['http://api.test#@evil.test/', 'api.test'],
  ['http://api.test\\@evil.test/', 'api.test'],
  ['http://api.test/@evil.test/', 'api.test'],
  ['http://api.test?@evil.test/', 'api.test'],
])('S9 the host of %s is what the WHATWG parser says', (url, host) => {
  expect(read(url).hostname).toBe(host)
})

test('a Host header may say what the URL says, and nothing else', () => {
  expect(read('http://api.test:8080/', 'API.test:8080').host).toBe('api.test:8080')
  expect(() => read('http://api.test/', 'internal.test')).toThrow(
    expect.objectContaining({
      kind: 'blocked',
      message: 'The request to api.test has a Host header that names another host.',
    }),
  )
})
