import type { Client } from './client.ts'
import { programIn } from './load-from.ts'
import { runOverStdio } from './run-over-stdio.ts'

/** Clients that start a program reach a URL by it. */
export const supergateway: Client = {
  package: 'supergateway',
  isApart: true,
  toolName: (tool) => tool,
  results: 'the result as it is',
  run: ({ install, url, accessKey }) =>
    runOverStdio([
      programIn(install, supergateway.package, 'supergateway'),
      '--streamableHttp',
      url,
      '--oauth2Bearer',
      accessKey,
      '--logLevel',
      'none',
    ]),
}
