import { stripInvisible } from '@sluice/schema'

/** Text for a model: no HTML, no characters that a person would not see, no runs of blank lines. */
export function cleanText(text: string): string {
  return stripInvisible(text)
    .replaceAll(/<\/?(?:p|br|li|ul|ol|div|h[1-6]|tr)\b[^>]*>/gi, '\n')
    .replaceAll(/<\/?[a-z][^<>]*>/gi, '')
    .replaceAll(/[ \t]+\n/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

/** At most so many characters, cut at a word. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  const room = text.slice(0, most - 1)
  return `${room.slice(0, Math.max(room.lastIndexOf(' '), most / 2))}…`
}
