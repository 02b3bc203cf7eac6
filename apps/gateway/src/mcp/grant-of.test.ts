import type { IssuerRule } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { grantOf as grantOfRead, readRule, scopesNamed } from './grant-of.ts'

const grantOf = (rules: readonly IssuerRule[], claims: Record<string, unknown>) =>
  grantOfRead(rules.map(readRule), claims)
const all = { tools: null, tags: null, readOnly: false }
const READ: IssuerRule = { scope: 'orders:read', rights: { readOnly: true } }
const WRITE: IssuerRule = { scope: 'orders:write' }

describe('what rules give a token', () => {
  test('without rules, every tool', () => expect(grantOf([], {})).toEqual({ rights: undefined, offers: [] }))

  test.each<[string, Record<string, unknown>, readonly object[]]>([
    ['one scope', { scope: 'openid orders:read' }, [{ ...all, readOnly: true }]],
    ['two, taken together', { scope: 'orders:write orders:read' }, [{ ...all, readOnly: true }, all]],
    ['scp as a text', { scp: 'orders:write' }, [all]],
    ['scp as a list', { scp: ['x', 'orders:write'] }, [all]],
    ['none', { scope: 'openid' }, []],
    ['no scope at all', {}, []],
    ['a scope that only begins so', { scope: 'orders:write:not orders:reader' }, []],
    ['a scope that is no text', { scope: { 'orders:read': true } }, []],
  ])('by %s', (_what, claims, rights) => expect(grantOf([READ, WRITE], claims).rights).toEqual(rights))

  test('tools and tags stay what they are', () => {
    const rights = { tools: ['tool_1'], tags: ['orders'], readOnly: true }
    expect(grantOf([{ rights }], {}).rights).toEqual([
      { tools: new Set(['tool_1']), tags: new Set(['orders']), readOnly: true },
    ])
  })

  const isGiven = (name: string, value: string, claims: Record<string, unknown>) =>
    grantOf([{ claim: { name, value } }], claims).rights!.length === 1
  test.each<[string, string, Record<string, unknown>, boolean]>([
    ['team', 'blue', { team: 'blue' }, true],
    ['team', 'blue', { team: ['red', 'blue'] }, true],
    ['level', '3', { level: 3 }, true],
    ['staff', 'true', { staff: true }, true],
    ['realm_access.roles', 'agent', { realm_access: { roles: ['agent'] } }, true],
    ['https://shop.example/roles', 'agent', { 'https://shop.example/roles': ['agent'] }, true],
    ['team', 'blue', { team: 'blueish' }, false],
    ['team', 'blue', {}, false],
    ['team', 'blue', { team: { blue: true } }, false],
    ['team', '[object Object]', { team: {} }, false],
    ['team', 'null', { team: null }, false],
    ['constructor.name', 'Object', {}, false],
    ['__proto__', 'x', {}, false],
  ])('%s=%s of %j: %s', (name, value, claims, given) => expect(isGiven(name, value, claims)).toBe(given))

  test('with a scope and a claim both are wanted, and no scope is offered that would not do', () => {
    const rule: IssuerRule = { scope: 'orders:write', claim: { name: 'team', value: 'blue' } }
    expect(grantOf([rule], { scope: 'orders:write', team: 'blue' }).rights).toEqual([all])
    expect(grantOf([rule], { scope: 'orders:write' })).toEqual({ rights: [], offers: [] })
    expect(grantOf([rule], { team: 'blue' })).toEqual({
      rights: [],
      offers: [{ scopes: ['orders:write'], rights: all }],
    })
  })

  test('S46 what is offered names what the token has and is to keep', () => {
    expect(grantOf([READ, WRITE], { scope: 'email orders:read' }).offers).toEqual([
      { scopes: ['orders:read', 'orders:write'], rights: all },
    ])
  })
})

test('scopes are named once, and offline_access never', () => {
  expect(scopesNamed([READ, WRITE, READ, {}, { scope: 'offline_access' }])).toEqual(['orders:read', 'orders:write'])
})
