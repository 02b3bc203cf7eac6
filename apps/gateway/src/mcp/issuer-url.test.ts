import { expect, test } from 'vitest'
import { issuerUrlFault } from './issuer-url.ts'

test.each<[string, string[], RegExp | undefined]>([
  ['https://login.test/realms/shop', [], undefined],
  ['http://localhost:8080', [], undefined],
  ['http://127.0.0.1:8080', [], undefined],
  ['http://[::1]:8080', [], undefined],
  ['http://keycloak:8080', ['keycloak:8080'], undefined],
  ['http://keycloak:8080', ['keycloak'], undefined],
  ['http://keycloak:8080', [], /not https/],
  ['http://keycloak:8080', ['keycloak:9090'], /not https/],
  ['http://10.0.0.5', ['10.0.0.0/8'], /not https/],
  ['http://127.0.0.1.evil.test', [], /not https/],
  ['http://localhost.evil.test', [], /not https/],
  ['https://ada:pw@login.test', [], /user name/],
  ['file:///etc/passwd', [], /no URL/],
  ['login.test', [], /no URL/],
  ['https://login.test/ x', [], /no URL/],
  ['https://lögin.test', [], /no URL/],
])('S58 %s, with %j allowed: %s', (url, allow, fault) => {
  if (fault) expect(issuerUrlFault(url, allow)).toMatch(fault)
  else expect(issuerUrlFault(url, allow)).toBeUndefined()
})
