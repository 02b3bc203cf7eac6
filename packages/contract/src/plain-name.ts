/** A name as clients may see it that know no capitals, or have `_` for `-`: two that are the same so are one to them (B36). */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll('-', '_')
}
