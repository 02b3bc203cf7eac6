import { expect, test } from 'vitest'
import { pgliteClient } from './pglite-engine.ts'
import { startPglite } from './start-pglite.ts'
import { testSnapshot } from './testing/databases.ts'

test('a connection finds none of what the one before left in its session', async () => {
  const thread = await startPglite({ folder: null, snapshot: await testSnapshot() })
  const first = pgliteClient(thread)
  await first.connect()
  await first.query('create table kept (id int)')
  await first.query("set search_path to 'elsewhere'")
  await first.query('select pg_advisory_lock(1)')
  await first.query('begin')
  await first.query('insert into public.kept values (1)')
  await first.end()

  const second = pgliteClient(thread)
  await second.connect()
  expect((await second.query('select * from kept')).rows).toEqual([])
  expect((await second.query("select * from pg_locks where locktype = 'advisory'")).rows).toEqual([])
  await second.end()
  await thread.close()
})

test('it keeps little of its files in memory of its own, and loses none of its own settings by that', async () => {
  const thread = await startPglite({ folder: null, snapshot: await testSnapshot() })
  const client = pgliteClient(thread)
  await client.connect()
  const setting = async (name: string) => (await client.query(`show ${name}`)).rows[0][name]
  expect(await setting('shared_buffers')).toBe('16MB')
  // What PGlite itself starts with.
  expect(await setting('max_worker_processes')).toBe('0')
  await client.end()
  await thread.close()
})

test('a thread that dies fails what waits for it and all that comes after', async () => {
  const thread = await startPglite({ folder: null, snapshot: await testSnapshot() })
  const client = pgliteClient(thread)
  client.on('error', () => {})
  await client.connect()
  thread
    .connect()
    .on('error', () => {})
    .write(MALFORMED_STARTUP)
  await expect(client.query('select 1')).rejects.toThrow('has stopped')
  await expect(pgliteClient(thread).connect()).rejects.toThrow('has stopped')
  await expect(thread.dump()).rejects.toThrow('has stopped')
})

/** A start-up message of an unknown protocol version. */
const MALFORMED_STARTUP = Buffer.from([0, 0, 0, 8, 0xff, 0xff, 0xff, 0xff])
