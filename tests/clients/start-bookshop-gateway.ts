import type { ClientSnippet } from '@sluice/contract'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { importBookshop } from '../support/admin.ts'
import type { Endpoint } from '../support/mcp-clients.ts'
import { sluice } from '../support/spawned.ts'
import { startUnlimitedGateway } from '../support/unlimited-gateway.ts'
import { TASK } from './client.ts'
import type { Truth } from './judge-trial.ts'

/** The sample document, served by a real gateway, before a real API on loopback. */
export interface BookshopGateway extends Endpoint {
  readonly truth: Truth
  /** What to paste into each client. */
  readonly snippets: readonly ClientSnippet[]
  close(): Promise<void>
}

export async function startBookshopGateway(): Promise<BookshopGateway> {
  const shop = await startBookshop()
  const gateway = await startUnlimitedGateway({})
  const { url, accessKey, tools, clients } = await importBookshop(gateway, shop)
  const env = { SLUICE_URL: gateway.url, SLUICE_ADMIN_KEY: gateway.adminKey }
  const edited = await sluice(['tools', 'edit', TASK.search.tool, '--structured-content', 'on'], { env })
  if (edited.code !== 0) throw new Error(edited.stderr)
  const { author, page_size } = TASK.search.arguments
  return {
    url: url!,
    accessKey: accessKey!,
    truth: {
      tools: tools.map(({ name }) => name),
      read: await askShop(shop, `/books/${TASK.read.arguments.book_id}`),
      search: await askShop(shop, `/books?author=${encodeURIComponent(author)}&page_size=${page_size}`),
    },
    snippets: clients,
    close: async () => {
      await gateway.close()
      await shop.close()
    },
  }
}

async function askShop({ url, key }: BookshopApi, path: string): Promise<unknown> {
  return (await fetch(`${url}${path}`, { headers: { 'x-api-key': key } })).json()
}
