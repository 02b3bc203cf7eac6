import type { Config } from 'drizzle-kit'

/** For `npx drizzle-kit generate --config packages/store/drizzle.config.ts`, run in the root folder. */
export default {
  dialect: 'postgresql',
  schema: './packages/store/src/schema*.ts',
  out: './migrations',
} satisfies Config
