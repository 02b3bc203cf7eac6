import { Problem } from '@sluice/contract'
import { expect, test } from 'vitest'
import { atPlace } from './at-place.ts'

const texts = new Map([['servers/shop/server.yaml', 'name: Shop\nmode: fast\n']])
const place = { path: 'servers/shop/server.yaml', pointer: '/mode' }
const failing = (problem: Problem) => atPlace(texts, place, () => Promise.reject(problem))

test('what a step refuses is told at its place in the bundle; that the database is away is told as that', async () => {
  const refused = new Problem('conflict', { detail: 'It is taken.' })
  await expect(failing(refused)).rejects.toMatchObject({
    detail: expect.stringMatching(/server\.yaml.*2.*It is taken/),
  })
  const away = new Problem('database-unavailable', { detail: 'The database does not answer.' })
  await expect(failing(away)).rejects.toBe(away)
})
