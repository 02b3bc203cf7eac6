import { installApart } from '../support/install-apart.ts'
import { INSTALL } from './corpus-documents.ts'

/** Installs what the corpus is read from and judged by. */
export function installCorpus(): void {
  installApart(INSTALL, 'the corpus in tests/corpus/install, 900 MB')
}
