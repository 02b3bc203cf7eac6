import { expect, test } from 'vitest'
import { pgliteEngine } from './pglite-engine.ts'
import { testSnapshot } from './testing/databases.ts'

test('the embedded database takes back the room of what was deleted, and a transaction under way is left alone', async () => {
  const { pool, close } = await pgliteEngine({ dataFolder: null, snapshot: await testSnapshot(), vacuumEveryMs: 50 })
  const megabytes = async () => {
    const { rows } = await pool.query("select pg_total_relation_size('kept') / 1048576 as mb")
    return Number(rows[0].mb)
  }
  await pool.query('create table kept (text text)')
  const client = await pool.connect()
  await client.query('begin')
  for (let n = 0; n < 5; n++) {
    await client.query("insert into kept select string_agg(md5(random()::text), '') from generate_series(1, 60000)")
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await client.query('commit')
  client.release()
  expect(await megabytes()).toBeGreaterThan(4)
  await pool.query('delete from kept')
  await expect.poll(megabytes, { timeout: 20_000 }).toBeLessThan(2)
  await close()
})
