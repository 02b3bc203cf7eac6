/** Limits that hold everywhere, whatever is configured. */
export const LIMITS = {
  /** Characters of a tool's name; a client adds the server's name to it. */
  toolNameChars: 48,
  /** A spec after decompression. */
  specBytes: 64 * 1024 * 1024,
  /** Nodes and depth of a spec's tree; what is past them is an alias bomb. */
  specNodes: 10_000_000,
  specDepth: 500,
  /** One tools/call from the moment it is read to its result. */
  callMs: 50_000,
  /** What one result may cost the agent. */
  resultBytes: 24 * 1024,
  /** An `outputSchema`: a model that is shown it pays for it. */
  outputSchemaBytes: 4 * 1024,
  /** An answer that is kept whole, for who reads on, and how long it is. */
  keptAnswerBytes: 4 * 1024 * 1024,
  keptAnswerMs: 10 * 60_000,
  /** How long a client may take over what it is asked within a request. */
  requestStateMs: 10 * 60_000,
  /** To the same origin, one after another, where redirects are followed. */
  redirects: 3,
  /** A decoded answer of an upstream. */
  responseBytes: 10 * 1024 * 1024,
  /** A message from an MCP client. */
  mcpBodyBytes: 4 * 1024 * 1024,
  /** Depth of JSON in an answer; what is deeper is text. */
  answerDepth: 500,
  /** An image, a sound or a file that is shown: it cannot be cut. */
  binaryBytes: 2 * 1024 * 1024,
  /** What a server says itself: a resource of its own, or a prompt. */
  storedBytes: 1024 * 1024,
  /** All that a server says itself, in the memory of every gateway that serves it. */
  storedBytesTogether: 10 * 1024 * 1024,
  /** Depth of arguments. */
  argumentDepth: 64,
  /** A JMESPath expression. */
  filterChars: 2_000,
  /** Values in what a filter selects. */
  filterNodes: 2_000_000,
  /** From here on models choose badly among listed tools, and some clients take no more (B181). */
  listedTools: 40,
  listedTokens: 10_000,
  /** Tools that stay listed where tools are found by searching. */
  pinnedTools: 10,
} as const
