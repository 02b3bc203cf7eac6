/** Which dialect of JSON Schema a client's model takes: all of 2020-12, what every known client takes, or OpenAI's strict rules. */
export type SchemaProfile = 'full' | 'portable' | 'strict'

export const SCHEMA_PROFILES: readonly SchemaProfile[] = ['full', 'portable', 'strict']

/** What is known of an MCP client, settled once per request. */
export interface ClientProfile {
  readonly name: string
  readonly version?: string
  readonly schema: SchemaProfile
  /** Characters of a tool's name; absent: as long as they are. */
  readonly nameChars?: number
  /** Bytes of one result; absent: as many as any may have. */
  readonly resultBytes?: number
}

/** The keyword of an argument that clients repeat in a header, for what stands between (MCP 2026-07-28, Custom Headers). */
export const PARAM_HEADER = 'x-mcp-header'

/** What a caller asks for in the server's URL, whatever its client is. */
export type AskedProfile = Partial<Pick<ClientProfile, 'schema' | 'nameChars' | 'resultBytes'>>
