// The gateway as `main.ts` starts it, with tools handed in that no API can be.
import { createObserve, loadConfig, start, stopped } from '../../apps/gateway/src/index.ts'
import { withAskingTools } from './with-asking-tools.ts'

const observe = createObserve('json', (makeLine) => void process.stdout.write(makeLine()))
await stopped(await start(loadConfig(), observe, withAskingTools))
process.exit()
