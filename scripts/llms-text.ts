/** A list of all pages with what each is about, for models (https://llmstxt.org). `read` gives the text of a page. */
export function llmsText(pages: readonly string[], read: (page: string) => string): string {
  const sections = SECTIONS.map(([title, folder]) => {
    const own = pages.filter((page) => page.startsWith(folder)).toSorted()
    return `## ${title}\n\n${own.map((page) => entryOf(page, read(page))).join('\n')}\n`
  })
  return `# Sluice

> Sluice turns any REST API that has an OpenAPI or Swagger document into an MCP server that agents use well, without code.

${sections.join('\n')}`
}

/** By what a reader wants: to learn, to do, to look up, to understand. */
const SECTIONS: ReadonlyArray<readonly [title: string, folder: string]> = [
  ['Tutorials', 'tutorials/'],
  ['How to', 'how-to/'],
  ['Reference', 'reference/'],
  ['Explanation', 'explanation/'],
  ['Decisions', 'decisions/README.md'],
]

function entryOf(page: string, text: string): string {
  const [, title = page] = /^# (.*)$/m.exec(text) ?? []
  return `- [${title}](${page}): ${firstSentence(text)}`
}

/** Of the first paragraph of prose; what stands in code or in a table is none. */
function firstSentence(text: string): string {
  const paragraphs = text.replaceAll(/```[\s\S]*?```/g, '').split(/\n\n+/)
  const prose = paragraphs.find((paragraph) => /^[^#|\s-]/.test(paragraph)) ?? ''
  const plain = prose.replaceAll(/\s+/g, ' ').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
  const [sentence = plain] = /^(?:`[^`]*`|[^`.]|\.(?! |$))*\.(?= |$)/.exec(plain) ?? []
  return sentence.replace(/:$/, '.')
}
