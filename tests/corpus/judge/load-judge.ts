import type { OriginalOperation, Plain } from '../walk-operations.ts'
import type { Judge, JudgedRequest, LoadJudge } from './judge.ts'
import { judgeDocument } from './judge-document.ts'
import { projectOperation } from './project-operation.ts'

/**
 * A judge of one operation. It reads all that the operation refers to, or, where that is more than `most` characters, for each
 * request what the request's body reaches of it. A validator replaces every reference: what all of an API can be reached from
 * takes it seconds for every request. Forms are read by their schemas, so of these nothing is left out.
 *
 * Where it gives no verdict by the whole, since its compiler cannot follow a circle that its loader cut, it is asked by the part,
 * which has no circles.
 */
export async function loadJudge(
  root: Plain,
  original: OriginalOperation,
  load: LoadJudge,
  most = MOST_WHOLE,
): Promise<Judge | undefined> {
  const { method } = original
  const loadPart = async (request?: JudgedRequest) => {
    const isForm = FORM.test(String(request?.headers['content-type']))
    const read = isForm ? original : projectOperation(root, original, request?.body)
    const { document, path } = judgeDocument(root, read)!
    return load(document, method, path)
  }
  const askPart: Judge = async (request) => (await loadPart(request))!(request)
  const whole = judgeDocument(root, original, most)
  if (!whole) return (await loadPart()) && askPart
  const judge = await load(whole.document, method, whole.path)
  return (
    judge &&
    (async (request) => {
      const found = await judge(request)
      return found.some(({ code }) => code === 'no-verdict') ? askPart(request) : found
    })
  )
}

const MOST_WHOLE = 50_000

const FORM = /^(application\/x-www-form-urlencoded|multipart\/)/i
