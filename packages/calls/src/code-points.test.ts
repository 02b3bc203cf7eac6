import { expect, test } from 'vitest'
import { afterCodePoints, countCodePoints } from './code-points.ts'

test.each(['', 'abc', 'é𝄞x𝄞', '\ud834', '\udd1ea', '\ud834\ud834\udd1e\udd1e'])(
  '%j is counted and cut as a spread has it',
  (text) => {
    const characters = [...text]
    expect(countCodePoints(text)).toBe(characters.length)
    for (let count = 0; count <= characters.length + 1; count++)
      expect(afterCodePoints(text, count)).toBe(characters.slice(count).join(''))
  },
)
