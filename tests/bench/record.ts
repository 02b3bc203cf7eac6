// `npm run bench -- record`: 100,000 calls, counted by who makes them and by the statistics of the gateway.
import { startPostgres } from '../support/postgres.ts'
import { recordUnderLoad } from '../support/record-under-load.ts'
import { startUnlimitedGateway } from '../support/unlimited-gateway.ts'

const CALLS = 100_000

/** False where the two counts differ by anything but the calls that were dropped and counted. */
export async function benchRecord(): Promise<boolean> {
  const embedded = await measure('embedded database', {})
  const server = await startPostgres()
  if (!server) return embedded
  try {
    return (await measure('PostgreSQL', { DATABASE_URL: server.url })) && embedded
  } finally {
    server.stop()
  }
}

async function measure(database: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  const gateway = await startUnlimitedGateway(env)
  const { made, seconds, recorded, dropped } = await recordUnderLoad(gateway, CALLS)
  await gateway.close()
  const isEqual = made === recorded + dropped
  const rate = Math.round(made / seconds)
  console.log(
    `  ${database}: ${made} calls made in ${seconds.toFixed(1)} s (${rate}/s), ${recorded} recorded, ${dropped} dropped and counted: ${isEqual ? 'equal' : 'NOT equal'}`,
  )
  return isEqual
}
