/** Whether a text can be sent as a media type or a range of them (RFC 9110 8.3.1); parameters are not looked into. */
export function isMediaType(text: string): boolean {
  return /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+\s*(;.*)?$/.test(text) && !/[^\x20-\x7E]/.test(text)
}

/** Whether a type can be written as it is: ranges (`image/*`) are for what may come, not for what is sent. */
export function isConcrete(type: string): boolean {
  return isMediaType(type) && !essence(type).includes('*')
}

/** The type that bytes are sent as: their own where the declared list has it, else the first that is declared. */
export function typeOfFile(declared: string | undefined, own: string | undefined): string {
  const listed = listOf(declared)
  const known = own !== undefined && isConcrete(own) ? own : undefined
  if (known !== undefined && (listed.length === 0 || listed.some((range) => isIn(known, range)))) return known
  return listed.find(isConcrete) ?? 'application/octet-stream'
}

/** The first type of a list that can be written as it is. */
export function firstConcrete(declared: string | undefined): string | undefined {
  return listOf(declared).find(isConcrete)
}

function listOf(declared: string | undefined): string[] {
  return (declared ?? '')
    .split(',')
    .map((type) => type.trim())
    .filter((type) => type !== '')
}

/** RFC 9110 12.5.1, without parameters. */
function isIn(type: string, range: string): boolean {
  const [mine, wanted] = [essence(type), essence(range)]
  return wanted === '*/*' || mine === wanted || (wanted.endsWith('/*') && mine.startsWith(wanted.slice(0, -1)))
}

/** A media type without its parameters. */
export function essence(type: string): string {
  return type.split(';', 1)[0]!.trim().toLowerCase()
}
