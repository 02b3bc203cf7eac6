import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask } from '../support/admin.ts'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { recordUnderLoad } from '../support/record-under-load.ts'

describe.each(DATABASES)('the record under load, on the %s database', (kind) => {
  let home: GatewayHome
  let gateway: GatewayProcess
  beforeEach(async () => {
    home = await newHome(kind)
    gateway = await startGateway(home, { SAME_CALLS_PER_MINUTE: '0' })
  })
  afterEach(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
  })

  test('who makes calls and who counts them come to the same number, less the drops', async () => {
    const { made, recorded, dropped } = await recordUnderLoad(gateway, 3_000)
    expect(made).toBe(3_000)
    expect(recorded + dropped).toBe(made)
  }, 120_000)

  test.runIf(kind === 'postgres')(
    'of calls that the database refused to record it is known how many they were',
    async () => {
      const client = new pg.Client(home.env.DATABASE_URL)
      await client.connect()
      const { made, recorded, dropped } = await recordUnderLoad(gateway, 3_000, {
        500: () => client.query('alter table recorded_calls add constraint refused check (false) not valid'),
        2500: () => client.query('alter table recorded_calls drop constraint refused'),
      })
      await client.end()
      expect([made, recorded + dropped]).toEqual([3_000, 3_000])
      expect(dropped).toBeGreaterThan(0)
      expect(recorded).toBeGreaterThan(0)
      const { body: calls } = await ask(gateway, 'GET', '/calls.ndjson')
      expect(calls.trim().split('\n')).toHaveLength(recorded)
    },
    120_000,
  )
})
