import { openStore } from '../open-store.ts'

// Opens a store, sends `open` or why it cannot, and holds it until it is killed.

process.once('disconnect', () => process.exit())
try {
  await openStore(JSON.parse(process.argv[2]!))
  process.send!('open')
} catch (error) {
  const { name, message } = error as Error
  process.send!({ name, message })
}
