/** Which dialect of JSON Schema a client's model takes: all of 2020-12, what every known client takes, or OpenAI's strict rules. */
export type SchemaProfile = 'full' | 'portable' | 'strict'

/** What is known of an MCP client, settled once per request. */
export interface ClientProfile {
  readonly name: string
  readonly version?: string
  readonly schema: SchemaProfile
}
