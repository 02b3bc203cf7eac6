import { expect, test } from 'vitest'
import { diagnosticText, weightiestText } from './diagnostic-text.ts'

const note = (severity: 'error' | 'warning' | 'info', code: string) => ({ severity, code, pointer: '', message: 'So' })

test('a note of the whole document names no place, and ends once', () => {
  expect(diagnosticText({ ...note('warning', 'base-url-moved'), message: 'It moved.', fix: 'Look at it.' })).toBe(
    '  warning base-url-moved: It moved. Look at it.',
  )
  expect(diagnosticText({ ...note('info', 'x'), file: 'a.yaml' })).toBe('  info x at a.yaml: So.')
  expect(diagnosticText({ ...note('info', 'x'), file: 'a.yaml', line: 2, column: 3 })).toBe(
    '  info x at a.yaml:2:3: So.',
  )
})

test('what weighs most is shown, and where the rest is', () => {
  const placed = [note('info', 'a'), note('warning', 'b'), note('error', 'c')].map((one) => ({ ...one, pointer: '/x' }))
  const notes = [...placed, note('warning', 'd')]
  expect(weightiestText(notes, 2, '--json shows all')).toEqual([
    '  warning d: So.',
    '  error c at /x: So.',
    '  … and 2 more notes: --json shows all',
  ])
  expect(weightiestText(notes, 4, '--json shows all').at(-1)).toBe('  info a at /x: So.')
})
