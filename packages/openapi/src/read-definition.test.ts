import type { OperationDefinition } from '@sluice/contract'
import { unpackText } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { packDefinition, readDefinition, repacked } from './read-definition.ts'

const definition = (description: string) => ({ name: 'a', description }) as unknown as OperationDefinition

describe('a definition that is packed', () => {
  test.each([
    ['', 'nothing'],
    ['größer, 書, \u{1F4D6}, \\u0000', 'any text'],
    [Array.from({ length: 9_000 }, (_none, n) => `word${n}`).join(' '), 'much'],
  ])('is read as it was: %.0s%s', (description) => {
    const packed = packDefinition(definition(description))
    expect(readDefinition(packed)).toEqual(definition(description))
    expect(unpackText(packed)).toBe(JSON.stringify(definition(description)))
    // Wherever a database's driver has it in its own memory.
    const inside = new Uint8Array(packed.byteLength + 20)
    inside.set(packed, 7)
    expect(readDefinition(inside.subarray(7, 7 + packed.byteLength))).toEqual(definition(description))
  })

  test('takes a tenth of what says the same many times', () => {
    const text = JSON.stringify({ properties: { id: { type: 'integer' } } }).repeat(200)
    expect(packDefinition(definition(text)).byteLength).toBeLessThan(text.length / 10)
  })

  test('promise 7: one of an earlier release is its JSON text as it is', () => {
    const text = JSON.stringify(definition('as it was'))
    expect(readDefinition(Buffer.from(text))).toEqual(definition('as it was'))
    expect(repacked(Buffer.from(text))).toEqual(packDefinition(definition('as it was')))
    expect(repacked(packDefinition(definition('new')))).toEqual(packDefinition(definition('new')))
  })
})
