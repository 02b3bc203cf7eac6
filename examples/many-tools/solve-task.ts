import { type Conversation, openConversation, type ToolClient, Unsolved } from './conversation.ts'
import { type Hit, readHits } from './read-hits.ts'

/** What a scripted agent is to do. It knows no names of tools: it finds those, and takes every value from what it was shown. */
export interface AgentTask {
  /** As a person puts it. */
  readonly goal: string
  /** What a tool is wanted for, in plain words, and which operations would be right. */
  readonly needs: Readonly<Record<string, readonly [wish: string, ...routes: string[]]>>
  /** The body of an async function; `api.<need>(args)` stands for the tool that was found, and gives `{data}`. */
  readonly solve: string
}

export type Mode = 'direct' | 'search' | 'code'

export interface Solution {
  readonly answer: unknown
  /** Of the list of tools alone. */
  readonly list: number
  readonly calls: number
  /** Of the list, every request and every answer. */
  readonly tokens: number
}

/**
 * Solves a task as the mode of a server has it: with tools that are listed, with tools that it searches and calls one by one,
 * or with tools that it searches and one piece of code. `readAnswer` gives the value in what a call answered.
 * @throws Unsolved
 */
export async function solveTask(
  task: AgentTask,
  mode: Mode,
  client: ToolClient,
  readAnswer: (text: string) => unknown = readJson,
): Promise<Solution> {
  const talk = await openConversation(client, task.goal)
  const tools = mode === 'direct' ? chooseListed(task, talk) : await search(task, talk)
  const answer =
    mode === 'code' ? await runAsCode(task, tools, talk) : await callOneByOne(task, mode, tools, talk, readAnswer)
  return { answer, ...talk.cost }
}

type Found = ReadonlyMap<string, Hit>

/** A model that is shown all chooses right: this mode is given that. */
function chooseListed({ needs }: AgentTask, { tools }: Conversation): Found {
  const listed = tools.map(({ name, _meta = {} }) => {
    return { name, route: `${_meta['sluice/method']} ${_meta['sluice/path']}`, isWhole: true }
  })
  return new Map(Object.keys(needs).map((need) => [need, pick(needs[need]!, listed)]))
}

/** Searches for the whole goal, then for each need that this did not show. */
async function search({ goal, needs }: AgentTask, talk: Conversation): Promise<Found> {
  const hits = readHits(await talk.call('search_tools', { query: goal }))
  const found = new Map<string, Hit>()
  for (const [need, wanted] of Object.entries(needs)) {
    const isShown = hits.some(({ route }) => wanted.includes(route))
    if (!isShown) hits.push(...readHits(await talk.call('search_tools', { query: wanted[0] })))
    found.set(need, pick(wanted, hits))
  }
  return found
}

function pick([wish, ...routes]: AgentTask['needs'][string], hits: readonly Hit[]): Hit {
  const right = hits.find(({ route }) => routes.includes(route))
  if (!right) throw new Unsolved(`no tool that is shown is right for "${wish}" (${routes.join(' or ')})`)
  return right
}

/** Each call is a turn of its own: what to call next is decided on what the last one answered. */
async function callOneByOne(
  { solve }: AgentTask,
  mode: Mode,
  tools: Found,
  talk: Conversation,
  readAnswer: (text: string) => unknown,
): Promise<unknown> {
  const described = new Set<string>()
  const call = async ({ name, isWhole }: Hit, args: Record<string, unknown>) => {
    if (mode === 'direct') return talk.call(name, args)
    if (!isWhole && !described.has(name)) {
      described.add(name)
      await describe([name], args, talk)
    }
    return talk.call('call_tool', { name, arguments: args })
  }
  const api = Object.fromEntries(
    [...tools].map(([need, tool]) => [
      need,
      async (args: Record<string, unknown>) => ({ data: readAnswer(await call(tool, args)) }),
    ]),
  )
  return think(solve, api)
}

/** Asks for what a signature left out as long as a call needs it: the whole signature, then all that the document says. */
async function describe(names: readonly string[], args: unknown, talk: Conversation): Promise<void> {
  for (const format of ['signature', 'schema']) {
    if (talk.unseen(args).length > 0) await talk.call('describe_tools', { names, format })
  }
}

/** What the agent concludes is what its code would; a slip in it is no different from another task that is not solved. */
async function think(solve: string, api: object): Promise<unknown> {
  try {
    return await new AsyncFunction('api', solve)(api)
  } catch (error) {
    throw error instanceof Unsolved ? error : new Unsolved(`it cannot go on: ${(error as Error).message}`)
  }
}

const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => (api: object) => Promise<unknown>

async function runAsCode({ solve }: AgentTask, tools: Found, talk: Conversation): Promise<unknown> {
  const code = solve.replaceAll(/\bapi\.(\w+)/g, (_, need: string) => `api.${tools.get(need)?.name ?? need}`)
  const gaps = [...tools.values()].filter(({ isWhole }) => !isWhole).map(({ name }) => name)
  if (gaps.length > 0) await describe([...new Set(gaps)], { code }, talk)
  const text = await talk.call('run_code', { code })
  try {
    return JSON.parse(text)
  } catch {
    throw new Unsolved(`the code answered ${text}`)
  }
}

/** Some answers are no JSON: that something was done is said in words. */
function readJson(text: string): unknown {
  const [first] = text.split('\n') as [string]
  return /^[[{]/.test(first) ? JSON.parse(first) : undefined
}
