import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    isolate: false,
    execArgv: ['--import', './scripts/fast-resolve.mjs'],
    include: ['apps/*/src/**/*.test.ts', 'packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
    globalSetup: ['tests/support/postgres.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
