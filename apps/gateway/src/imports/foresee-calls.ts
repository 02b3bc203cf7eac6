import type { Diagnostic, ReadSpec } from '@sluice/contract'
import type { ImportDeps } from './import-deps.ts'

/** What would refuse each call is better told now than by the first agent. */
export async function foreseeCalls(
  spec: ReadSpec,
  baseUrl: string,
  limits: Parameters<ImportDeps['foreseeRefusal']>[1],
  lacksCredential: boolean,
  deps: Pick<ImportDeps, 'foreseeRefusal'>,
): Promise<ReadSpec> {
  const refusal = await deps.foreseeRefusal(baseUrl, limits)
  const schemes = spec.neededSchemes.join(', ')
  const told = [
    ...(refusal ? [warning('base-url-refused', `Calls will be refused: ${refusal}`)] : []),
    ...(lacksCredential && schemes
      ? [
          warning(
            'credential-missing',
            `Calls that need ${schemes} will be refused: import again with a credential (--credential-file on the command line)`,
          ),
        ]
      : []),
  ]
  return { ...spec, diagnostics: [...told, ...spec.diagnostics] }
}

function warning(code: string, message: string): Diagnostic {
  return { code, severity: 'warning', pointer: '', message }
}
