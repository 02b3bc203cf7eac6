import type { PromptContent } from '@sluice/contract'
import { and, eq, max, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { prompts, promptVersions } from './schema-offers.ts'

interface NewVersion {
  readonly workspaceId: string
  readonly serverId: string
  readonly name: string
  readonly actor: string
  readonly content: PromptContent
}

/** Of one prompt; those before are gone. */
const MOST_VERSIONS = 100

/** Makes a version of a prompt, new or not, and the current one of it. Answers its number. */
export async function keepPromptVersion(tx: Database, made: NewVersion): Promise<number> {
  const { workspaceId, serverId, name, actor, content } = made
  const isOfPrompt = and(
    eq(promptVersions.workspaceId, workspaceId),
    eq(promptVersions.serverId, serverId),
    eq(promptVersions.name, name),
  )
  const [last] = await tx
    .select({ version: max(promptVersions.version) })
    .from(promptVersions)
    .where(isOfPrompt)
  const version = (last?.version ?? 0) + 1
  const now = new Date()
  await tx
    .insert(prompts)
    .values({ workspaceId, serverId, name, currentVersion: version, updatedAt: now })
    .onConflictDoUpdate({
      target: [prompts.workspaceId, prompts.serverId, prompts.name],
      set: { currentVersion: version, updatedAt: now },
    })
  await tx.insert(promptVersions).values({ workspaceId, serverId, name, version, content, actor, createdAt: now })
  await tx.delete(promptVersions).where(and(isOfPrompt, sql`${promptVersions.version} <= ${version - MOST_VERSIONS}`))
  return version
}
