import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { ROOT } from './spawned.ts'

/** A source file, as far as the laws look at it. */
export interface Source {
  /** From the root: `packages/openapi/src/read-spec.ts`. */
  readonly path: string
  readonly text: string
}

/** The sources of all rooms. */
export function readSources(): Source[] {
  const rooms = ['apps', 'packages'].flatMap((kind) =>
    readdirSync(join(ROOT, kind)).map((room) => join(kind, room, 'src')),
  )
  return rooms
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((file) => join(folder, String(file))))
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

export function roomOf(path: string): string {
  return path.split('/')[1]!
}

/** Tests, and what only tests use, may reach further than what runs. */
export function isTest(path: string): boolean {
  return /\.test\.ts$|\/testing\/|\/test-[^/]+\.ts$/.test(path)
}

/** What a file imports, statically or not. */
export function importsOf({ text }: Source): string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*?(?:\{[^}]*\}[^'"\n;]*?)?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3]!)
}

/** The package that an import names: `drizzle-orm/pg-core` is drizzle-orm, `node:fs` none. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Rooms that import what the table does not let them. */
export function brokenImports(
  sources: readonly Source[],
  table: Readonly<Record<string, readonly string[]>>,
): string[] {
  return sources
    .filter(({ path }) => !isTest(path))
    .flatMap((source) => {
      const allowed = (table[roomOf(source.path)] ?? []).map((room) => `@sluice/${room}`)
      const reached = importsOf(source).filter((specifier) => specifier.startsWith('@sluice/'))
      return reached
        .filter((specifier) => !allowed.includes(specifier))
        .map((specifier) => `${source.path} imports ${specifier}`)
    })
}

/** Heavy dependencies reached by another room than the one that is their door. */
export function brokenDoors(sources: readonly Source[], doors: Readonly<Record<string, readonly string[]>>): string[] {
  return sources
    .filter(({ path }) => !isTest(path))
    .flatMap((source) =>
      importsOf(source).flatMap((specifier) => {
        const rooms = doors[packageOf(specifier) ?? '']
        return rooms && !rooms.includes(roomOf(source.path)) ? [`${source.path} imports ${specifier}`] : []
      }),
    )
}

/** Text that only named files may hold. */
export function brokenReservations(sources: readonly Source[], pattern: RegExp, allowed: readonly string[]): string[] {
  return sources
    .filter(({ path, text }) => !isTest(path) && pattern.test(withoutComments(text)) && !allowed.includes(path))
    .map(({ path }) => path)
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '$1')
}

/** Imports that the room's package.json does not declare. */
export function undeclaredImports(sources: readonly Source[], declared: (room: string) => readonly string[]): string[] {
  return sources
    .filter(({ path }) => !isTest(path))
    .flatMap((source) =>
      importsOf(source).flatMap((specifier) => {
        const name = packageOf(specifier)
        return name && !declared(source.path.split('/').slice(0, 2).join('/')).includes(name)
          ? [`${source.path} imports ${specifier}`]
          : []
      }),
    )
}

/** Rings of files that import one another, as their first file found. Types alone count too: a ring is a ring for a reader. */
export function rings(sources: readonly Source[]): string[] {
  const known = new Map(sources.map((source) => [source.path, source]))
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
      return
    }
    state.set(path, 'open')
    for (const specifier of importsOf(known.get(path)!)) {
      const target = specifier.startsWith('.') ? join(dirname(path), specifier) : undefined
      if (target && known.has(target)) visit(target, [...trail, path])
    }
    state.set(path, 'done')
  }
  for (const { path } of sources) visit(path, [])
  return found
}

/** Files that are too long to be one thing. */
export function tooLong(sources: readonly Source[], most: number): string[] {
  return sources.filter(({ path, text }) => !isTest(path) && text.split('\n').length > most).map(({ path }) => path)
}

/** Surfaces that hide what they offer, or are not at the room's door. */
export function vagueSurfaces(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const isInnerIndex =
      path.endsWith('/index.ts') && relative(join(path.split('/').slice(0, 3).join('/')), path) !== 'index.ts'
    return [
      ...(isInnerIndex ? [`${path} is an index inside a room`] : []),
      ...(/^export \*/m.test(text) ? [`${path} has export *`] : []),
      ...(/^export default/m.test(text) && !path.endsWith('.config.ts') ? [`${path} has a default export`] : []),
    ]
  })
}
