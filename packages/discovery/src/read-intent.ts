import { stem, wordsOf } from './words.ts'

/** What a sentence says of the kind of call that is wanted, beside what it is about. */
export interface Intent {
  /** HTTP methods that its leading verb asks for. Empty where no verb leads. */
  readonly leading: ReadonlySet<string>
  /** HTTP methods that any of its verbs asks for. */
  readonly methods: ReadonlySet<string>
  /** Several things are asked for, not one. */
  readonly wantsList: boolean
  /** Something new is made. */
  readonly creates: boolean
  /** It is about who asks: my, me, I. */
  readonly isOwn: boolean
}

export function readIntent(text: string): Intent {
  const words = wordsOf(text)
  const asked = words.filter((word) => !FILLERS.has(word))
  const verbs = asked.filter(isVerbAt)
  const methods = new Set(verbs.flatMap((word) => [...methodsOf(word)]))
  const leading = leadingMethods(asked)
  return {
    leading,
    methods: new Set([...methods, ...leading]),
    wantsList: words.some((word) => LIST_WORDS.has(word)),
    creates: verbs.some((word) => CREATE.has(stem(word))),
    isOwn: words.some((word) => OWN_WORDS.has(word)),
  }
}

/** Whether a part of a sentence begins with a verb, so that it asks for something by itself. */
export function beginsWithVerb(text: string): boolean {
  const [first = '', second = ''] = wordsOf(text)
  return methodsOf(first).size > 0 || isImperative(first, second)
}

/** A verb that names a way to call, not a thing: it tells less by standing in a tool's text. */
export function isPlainVerb(term: string): boolean {
  return READ.has(term) || PLAIN_WRITES.has(term)
}

function methodsOf(word: string): ReadonlySet<string> {
  const term = stem(word)
  if (READ.has(term) || QUESTION_WORDS.has(word)) return READS
  if (DELETE.has(term)) return DELETES
  if (CREATE.has(term)) return CREATES
  return UPDATE.has(term) ? UPDATES : NOTHING
}

function leadingMethods(words: readonly string[]): ReadonlySet<string> {
  const [first = '', second = ''] = words
  if (isImperative(first, second) && methodsOf(first).size === 0) return UPDATES
  const verb = words.slice(0, 6).find((word, at) => methodsOf(word).size > 0 && isVerbAt(word, at))
  return verb ? methodsOf(verb) : NOTHING
}

/** At the beginning a word that is also a thing is a verb. */
function isVerbAt(word: string, at: number): boolean {
  return at === 0 || !ALSO_NOUNS.has(stem(word))
}

/** `merge a`, `pin the`: a word before an article is a verb, and one that reads is known. */
function isImperative(first: string, second: string): boolean {
  return first.length > 2 && !AFTER_VERBS.has(first) && AFTER_VERBS.has(second)
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'QUERY'])
const DELETES: ReadonlySet<string> = new Set(['DELETE'])
const CREATES: ReadonlySet<string> = new Set(['POST'])
const UPDATES: ReadonlySet<string> = new Set(['PUT', 'PATCH', 'POST'])
const NOTHING: ReadonlySet<string> = new Set()

const listed = (words: string) => new Set(words.trim().split(/\s+/))
const stems = (words: string) => new Set([...listed(words)].map(stem))

const READ =
  stems(`get list read show find retrieve fetch view check see display search look access monitor obtain compare
  lookup browse inspect describe tell give query count know download explore determine calculate`)
const CREATE =
  stems(`create add new make post submit upload send start register schedule insert open place request book run
  generate initiate publish record invite buy launch issue set build`)
const UPDATE =
  stems(`update change edit modify replace put adjust configure rename move mark follow pause save enable turn
  switch assign extend`)
const DELETE =
  stems(`delete remove cancel unfollow clear drop destroy unsubscribe erase revoke uninstall detach kick unstar
  unblock unpin discard purge`)
/** Verbs at the beginning; elsewhere more often things. */
const ALSO_NOUNS =
  stems(`request order book issue report run place record set mark post open display view check search query count
  launch schedule invite move turn switch access monitor look tell know build start submit`)
const PLAIN_WRITES = stems('create add new make set update change delete remove post send use')
const QUESTION_WORDS = listed('who what which where when how is are does do has have')
const FILLERS = listed('please can could would you also then and hey hi i want need to help me like d let s')
const AFTER_VERBS =
  listed(`a an the my our your his her their this that these those some all any every each me us them it
  someone on to up out off for new in into`)
const LIST_WORDS = listed('list all every which many these available')
const OWN_WORDS = listed('my me mine i')
