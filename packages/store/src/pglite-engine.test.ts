import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openStore, type StoreOptions } from './open-store.ts'
import { startProcess } from './testing/child.ts'
import { MIGRATIONS, testSnapshot, withEachDatabase } from './testing/databases.ts'
import { newWorkspace } from './testing/examples.ts'

withEachDatabase(
  (newDatabase) => {
    test('of two processes on one folder, one opens it and the other says which process has it', async () => {
      const { options } = await newDatabase()
      const processes = [startProcess('hold-store.ts', options), startProcess('hold-store.ts', options)]
      const said = await Promise.all(processes.map((process) => process.next()))
      const winner = processes[said.indexOf('open')]!
      expect(said.find((message) => message !== 'open')).toMatchObject({
        name: 'DataFolderInUse',
        message: expect.stringContaining(`process ${winner.pid} `),
      })
      await Promise.all(processes.map((process) => process.kill()))
    })

    test('kill -9 during the first start does not hinder the next', async () => {
      const { options } = await newDatabase()
      const killed = startProcess('hold-store.ts', options)
      await new Promise((resolve) => setTimeout(resolve, 600))
      await killed.kill()
      await expectUsable(options)
    })

    test('what a first start left unfinished is done again, and nothing remains of it', async () => {
      const { options } = await newDatabase()
      const { dataFolder } = options as { dataFolder: string }
      await mkdir(join(dataFolder, 'database.new'))
      await writeFile(join(dataFolder, 'database.new', 'remains'), '')
      await expectUsable(options)
      expect((await readdir(dataFolder)).sort()).toEqual(['database', 'database.lock'])
      expect(await readdir(join(dataFolder, 'database'))).not.toContain('remains')
    })

    test('starts without a snapshot as well', async () => {
      const { options } = await newDatabase()
      await expectUsable({ ...options, snapshot: '/nowhere' })
    }, 120_000)

    test('a query waits for the transaction under way, and sees what it left', async () => {
      const { options } = await newDatabase()
      const store = await openStore(options)
      const order: string[] = []
      const transaction = store.db.transaction(async (tx) => {
        await tx.execute(sql`create table under_way (id int)`)
        order.push('transaction')
      })
      const query = store.db.execute(sql`select * from under_way`).then(() => order.push('query'))
      await Promise.all([transaction, query])
      expect(order).toEqual(['transaction', 'query'])
      await store.close()
    })
  },
  ['pglite'],
)

test('runs the migrations that a snapshot has not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-migrations-'))
  await cp(MIGRATIONS, folder, { recursive: true })
  const journalFile = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(await readFile(journalFile, 'utf8'))
  journal.entries.push({ idx: 999, version: '7', when: Date.now(), tag: '0999_newer', breakpoints: true })
  await writeFile(journalFile, JSON.stringify(journal))
  await writeFile(join(folder, '0999_newer.sql'), 'create table newer (id text)')

  const store = await openStore({ dataFolder: null, snapshot: await testSnapshot(), migrationsFolder: folder })
  expect((await store.db.execute(sql`select * from newer`)).rows).toEqual([])
  await store.close()
  await rm(folder, { recursive: true })
})

async function expectUsable(options: StoreOptions): Promise<void> {
  const store = await openStore(options)
  expect(await newWorkspace(store)).toMatch(/^ws_/)
  await store.close()
}
