import { CallFailure, type XmlShape } from '@sluice/contract'
import { plainText } from './plain-text.ts'
import { isPlainObject } from './serialize-path.ts'

/**
 * A value as an XML document, by the shape that the document's `xml` metadata gives it (B115). Text is escaped; a key that is no
 * XML name is refused, since it cannot be one.
 * @throws CallFailure of kind `arguments`
 */
export function encodeXml(value: unknown, shape: XmlShape): string {
  const [root, ...others] = elements(value, shape)
  // XML 1.0 2.1: there is exactly one.
  if (root === undefined || others.length > 0) {
    const count = others.length + (root === undefined ? 0 : 1)
    throw new CallFailure(
      'arguments',
      `An XML document has one element at its root, and this body would have ${count}. Nothing was sent.`,
    )
  }
  return `<?xml version="1.0" encoding="UTF-8"?>${root}`
}

function elements(value: unknown, shape: XmlShape): string[] {
  if (value === undefined || (value === null && !shape.nil)) return []
  if (value === null) return [wrap(shape, NIL, '')]
  if (shape.inline && isPlainObject(value)) return inner(membersOf(value, shape))
  if (!Array.isArray(value)) return [element(value, shape)]
  const items = value.flatMap((item, index) => nodes(item, shape.first?.[index] ?? shape.items ?? { name: shape.name }))
  return shape.wrapped ? [wrap(shape, '', items.join(''))] : items
}

function element(value: unknown, shape: XmlShape): string {
  if (!isPlainObject(value)) return wrap(shape, '', text(plainText(value)))
  const members = membersOf(value, shape)
  const attributes = members
    .filter(({ item, shape: own }) => own.attribute && item !== null && item !== undefined)
    .map(({ item, shape: own }) => ` ${qualified(own)}="${attribute(plainText(item))}"${namespace(own)}`)
  return wrap(shape, attributes.join(''), inner(members).join(''))
}

/** XML Schema 1.1, Structures 2.7.2. */
const NIL = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'

interface Member {
  readonly item: unknown
  readonly shape: XmlShape
}

/** Of an object without an element the members are those of the element around it. */
function membersOf(value: Record<string, unknown>, shape: XmlShape): Member[] {
  return Object.entries(value).flatMap(([key, item]): Member[] => {
    const own = shape.properties && Object.hasOwn(shape.properties, key) ? shape.properties[key]! : { name: key }
    return own.inline && isPlainObject(item) ? membersOf(item, own) : [{ item, shape: own }]
  })
}

function inner(members: readonly Member[]): string[] {
  return members.filter(({ shape }) => !shape.attribute).flatMap(({ item, shape }) => nodes(item, shape))
}

function nodes(item: unknown, shape: XmlShape): string[] {
  if (!shape.text) return elements(item, shape)
  if (item === null || item === undefined) return []
  return [shape.text === 'cdata' ? `<![CDATA[${inSection(plainText(item))}]]>` : text(plainText(item))]
}

/** XML 1.0 2.7: only what ends the section cannot stand in it. */
function inSection(value: string): string {
  return withoutControls(value).replaceAll(']]>', ']]]]><![CDATA[>')
}

function wrap(shape: XmlShape, attributes: string, inner: string): string {
  const name = qualified(shape)
  return `<${name}${namespace(shape)}${attributes}>${inner}</${name}>`
}

function qualified({ prefix, name }: XmlShape): string {
  const full = prefix ? `${prefix}:${name}` : name
  if (NAME.test(full)) return full
  throw new CallFailure('arguments', `${JSON.stringify(name)} cannot be the name of an XML element. Nothing was sent.`)
}

/** XML Names 1.0, 4: a name with at most one colon. */
const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*(:[\p{L}_][\p{L}\p{N}_.-]*)?$/u

function namespace({ namespace: uri, prefix }: XmlShape): string {
  return uri ? ` xmlns${prefix ? `:${prefix}` : ''}="${attribute(uri)}"` : ''
}

/** A text as it stands in an element, in an attribute or in a section that is not escaped. */
export function escapeXml(value: string, shape: Pick<XmlShape, 'attribute' | 'text'> = {}): string {
  if (shape.attribute) return attribute(value)
  return shape.text === 'cdata' ? inSection(value) : text(value)
}

function text(value: string): string {
  return withoutControls(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function attribute(value: string): string {
  return text(value)
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;')
}

/** XML 1.0 2.2: no form of these can stand in a document. */
function withoutControls(value: string): string {
  const unfit = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.exec(value)
  if (unfit) throw new CallFailure('arguments', 'XML cannot hold control characters. Nothing was sent.')
  return value.toWellFormed()
}
