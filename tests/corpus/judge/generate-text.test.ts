import { expect, test } from 'vitest'
import { generateText } from './generate-text.ts'
import { seededRandom } from './seeded-random.ts'

test('S26 a pattern that backtracks without end takes no time, and its text fits', () => {
  const pattern = '^(https?:\\/\\/)?([\\da-z\\.-]+)\\.([a-z\\.]{2,6})([\\/\\w \\.-]*)*\\/?$'
  const example = `https://example.org/${'wikipedia/commons/thumb/'.repeat(5)}%28cropped%29.jpg`
  for (let seed = 0; seed < 20; seed++) {
    const text = generateText({ type: 'string', pattern, examples: [example] }, seededRandom(seed))
    expect(text).toMatch(/^[\w./: -]+$/)
  }
})
