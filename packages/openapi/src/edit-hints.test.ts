import type { ToolAnnotations } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { annotationsOf } from './describe-tool.ts'
import { editHints, hintFaults, hintNote } from './edit-hints.ts'

const shortly = ({ readOnlyHint, destructiveHint, idempotentHint, openWorldHint }: ToolAnnotations) =>
  [readOnlyHint && 'reads', destructiveHint && 'destroys', idempotentHint && 'again', openWorldHint && 'open']
    .filter(Boolean)
    .join(' ')

describe('B168, B169 a curator’s hints over what the method says', () => {
  test.each<[string, Partial<ToolAnnotations>, string, boolean]>([
    ['GET', {}, 'reads again open', false],
    ['GET', { readOnlyHint: false }, 'destroys again open', false],
    ['GET', { readOnlyHint: false, destructiveHint: false }, 'again open', false],
    ['GET', { openWorldHint: false }, 'reads again', true],
    ['POST', {}, 'destroys open', false],
    ['POST', { readOnlyHint: true }, 'reads open', true],
    ['POST', { destructiveHint: false }, 'open', true],
    ['POST', { idempotentHint: true }, 'destroys again open', true],
    ['DELETE', { idempotentHint: false }, 'destroys open', false],
  ])('%s with %o: %s', (method, edits, want, isLooser) => {
    const floor = annotationsOf(method)
    expect(shortly(editHints(floor, edits))).toBe(want)
    expect(hintNote(method, floor, edits) !== undefined).toBe(isLooser)
  })

  test('two that contradict each other are refused', () => {
    expect(hintFaults({ readOnlyHint: true, destructiveHint: true })).toMatchObject([
      { pointer: '/annotations/destructiveHint' },
    ])
    expect(hintFaults({ readOnlyHint: true, destructiveHint: false })).toEqual([])
  })
})
