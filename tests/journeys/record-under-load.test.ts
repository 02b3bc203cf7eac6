import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DATABASES, type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { recordUnderLoad } from '../support/record-under-load.ts'

describe.each(DATABASES)('the record under load, on the %s database', (kind) => {
  let home: GatewayHome
  let gateway: GatewayProcess
  beforeAll(async () => {
    home = await newHome(kind)
    gateway = await startGateway(home, { SAME_CALLS_PER_MINUTE: '0' })
  })
  afterAll(async () => {
    await gateway.end('SIGTERM')
    await home.remove()
  })

  test('who makes calls and who counts them come to the same number, less the drops', async () => {
    const { made, recorded, dropped } = await recordUnderLoad(gateway, 3_000)
    expect(made).toBe(3_000)
    expect(recorded + dropped).toBe(made)
  }, 120_000)
})
