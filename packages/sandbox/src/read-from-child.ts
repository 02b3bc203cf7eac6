import type { CodeResult, FromCodeChild, HostCall } from './code-protocol.ts'

/**
 * What a child in which an agent's code runs says; nothing for what no child of ours would say. Whoever got out of the isolate could
 * say anything, and the gateway must live.
 */
export function readFromChild(said: unknown): FromCodeChild | undefined {
  if (said === 'ready') return said
  const { call, result } = membersOf(said)
  if (isCall(call)) return { call }
  return isResult(result) ? { result } : undefined
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function isCall(value: unknown): value is HostCall {
  const { callId, name, argsText } = membersOf(value)
  return typeof callId === 'number' && typeof name === 'string' && typeof argsText === 'string'
}

function isResult(value: unknown): value is CodeResult {
  const { outputText, isNothing = true, failure, logs } = membersOf(value)
  if (!Array.isArray(logs) || !logs.every((line) => typeof line === 'string')) return false
  if (failure === undefined) return typeof outputText === 'string' && isNothing === true
  const { name, message } = membersOf(failure)
  return typeof name === 'string' && typeof message === 'string'
}
