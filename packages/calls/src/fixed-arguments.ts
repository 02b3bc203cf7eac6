import { randomBytes } from 'node:crypto'
import type { CatalogTool, FixedArgument, HttpRequest, SealedSecret } from '@sluice/contract'
import { type Arguments, hidePlaceholders, type Placeholder } from '@sluice/openapi'
import { isObject } from '@sluice/schema'

/** A placeholder for a secret that is opened just before the wire, for these origins only. */
export interface SecretPlaceholder extends Placeholder {
  readonly secret: SealedSecret
  readonly origins: readonly string[]
}

/** All arguments of a call, with placeholders where secrets will stand. */
export interface FixedArguments {
  readonly args: Arguments
  readonly placeholders: readonly SecretPlaceholder[]
}

/** Adds what the curator fixed to a caller's checked arguments. What is fixed wins, whatever the caller said (B182). */
export function fixArguments(
  given: Arguments,
  tool: Pick<CatalogTool, 'fixedArguments' | 'operation'>,
): FixedArguments {
  const all = Object.entries(tool.fixedArguments)
  if (all.length === 0) return { args: given, placeholders: [] }
  const { properties } = tool.operation.inputSchema
  // A later document may have dropped the argument.
  const fixed = all.filter(([name]) => isObject(properties) && Object.hasOwn(properties, name))
  const placeholders = fixed.flatMap(([argument, value]) =>
    isSecret(value) ? [{ argument, token: newToken(), secret: value.secret, origins: value.origins }] : [],
  )
  const plain = fixed.flatMap(([name, value]) => (isSecret(value) ? [] : [[name, value.value] as const]))
  const tokens = placeholders.map(({ argument, token }) => [argument, token] as const)
  return { args: { ...given, ...Object.fromEntries([...plain, ...tokens]) }, placeholders }
}

const HIDDEN = '•••'

/** The arguments as a trace may show them. */
export function showArguments({ args, placeholders }: FixedArguments): Arguments {
  return { ...args, ...Object.fromEntries(placeholders.map(({ argument }) => [argument, HIDDEN])) }
}

/** A drafted request as a trace may show it. */
export function showRequest(request: HttpRequest, placeholders: readonly SecretPlaceholder[]): HttpRequest {
  return hidePlaceholders(request, placeholders, HIDDEN)
}

function isSecret(fixed: FixedArgument): fixed is Extract<FixedArgument, { readonly secret: SealedSecret }> {
  return 'secret' in fixed
}

/**
 * Unreserved characters that nobody can guess: no argument can hold another's placeholder. As many as base64 can have, so that one in the
 * place of a file is refused for what it is.
 */
function newToken(): string {
  return `sluice-secret-${randomBytes(17).toString('hex')}`
}
