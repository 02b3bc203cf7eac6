// A process of its own that sends an import whenever it is told to: what measures calls shall not be held up by a large body.
import { readFileSync } from 'node:fs'

/** What it is told. */
export interface ImportToPost {
  readonly url: string
  readonly adminKey: string
  /** Holds the JSON body. */
  readonly file: string
}

/** What it answers. */
export interface PostedImport {
  readonly seconds: number
  /** Of the server that its tools are on. */
  readonly url: string
  /** Null where the server had one already. */
  readonly accessKey: string | null
  readonly fault?: string
}

process.on('message', async ({ url, adminKey, file }: ImportToPost) => {
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' }
  const body = readFileSync(file)
  const started = performance.now()
  const response = await fetch(url, { method: 'POST', headers, body })
  const text = await response.text()
  const seconds = (performance.now() - started) / 1000
  const fault = response.status === 200 ? {} : { fault: `${response.status}: ${text.slice(0, 2_000)}` }
  const { url: served, accessKey } = JSON.parse(text) as PostedImport
  process.send!({ seconds, url: served, accessKey, ...fault } satisfies PostedImport)
})
