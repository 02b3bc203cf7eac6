import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    isolate: false,
    // Many files wait for processes and for time to pass: one worker on two cores would leave half of them idle.
    maxWorkers: 2,
    execArgv: ['--import', './scripts/fast-resolve.mjs'],
    include: ['apps/*/src/**/*.test.ts', 'packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
    globalSetup: ['tests/support/temporary-folder.ts', 'tests/support/postgres.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is waited for comes sooner or later: on a busy machine, starting a process alone can take a second.
    expect: { poll: { timeout: 20_000 } },
  },
})
