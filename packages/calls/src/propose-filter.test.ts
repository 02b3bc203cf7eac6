import { describe, expect, test } from 'vitest'
import { proposeFilter } from './propose-filter.ts'

const repository = (n: number) => ({
  id: n,
  node_id: 'MDEwOlJlcG9zaXRvcnkx',
  full_name: `o/r${n}`,
  private: false,
  description: null,
  html_url: `https://example.com/${n}`,
  owner: { login: 'ada', avatar_url: 'https://example.com/a.png', type: 'User' },
  topics: ['a', 'b'],
  body: 'long '.repeat(100),
  'odd-name': 1,
})

describe('a response filter that keeps what says something', () => {
  test('of a list of things: no addresses, nothing empty, nothing long', () => {
    const answer = [repository(1), repository(2)]
    const { filter, fields } = proposeFilter(answer)
    expect(filter).toBe(
      '[].{id: id, full_name: full_name, private: private, owner: owner.{login: login, type: type}, topics: topics, "odd-name": "odd-name"}',
    )
    expect(fields[0]).toMatchObject({ path: '[].body', kept: false })
    expect(
      fields
        .filter(({ kept }) => !kept)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(['[].body', '[].description', '[].html_url', '[].node_id', '[].owner.avatar_url'].toSorted())
  })

  test.each<[string, unknown, string[] | undefined, string | null]>([
    [
      'a list inside',
      { total: 2, items: [{ a: 1, url: 'x' }], next_url: 'u' },
      undefined,
      '{total: total, items: items[].{a: a}}',
    ],
    ['lists within lists', [{ l: [{ a: 1, b_url: 2 }] }], undefined, '[].{l: l[].{a: a}}'],
    [
      'named fields',
      { a: 1, b: { c: 2, d: 3 }, e: [{ f: 1, g: 2 }] },
      ['b', 'e.f'],
      '{b: b.{c: c, d: d}, e: e[].{f: f}}',
    ],
    ['members that only some have', [{ a: 1 }, { b: 2, c_url: 1 }], undefined, '[].{a: a, b: b}'],
    ['nothing to leave out', { a: 1 }, undefined, null],
    ['nothing that is named', { a: 1 }, ['x'], null],
    ['a scalar', 5, undefined, null],
  ])('%s', (_name, answer, named, want) => expect(proposeFilter(answer, named).filter).toBe(want))

  test('names that are no identifiers are quoted', () => {
    const answer = { 'a b': [{ 'x"y': 1, z_url: 2 }], ü: { v: 1, w: null } }
    expect(proposeFilter(answer).filter).toBe(
      '{"a b": "a b"[].{"x\\\\"y": "x\\\\"y"}, "ü": "ü".{v: v}}'.replaceAll('\\\\', '\\'),
    )
  })

  test('of very many fields those near the root, within what an expression may hold', () => {
    const wide = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`field_number_${n}`, n]))
    const { filter } = proposeFilter({ deep: wide, top: 1, x_url: 'u' })
    expect(filter!.length).toBeLessThanOrEqual(2000)
    expect(filter).toContain('top: top')
  })
})
