import { checkSchema, fullSchema, healValue } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { bodyText, definitionOf, headerOf, openapi, read, requestFor } from './testing/read-one.ts'

const withBody = (content: object, more: object = {}) =>
  openapi({ '/x': { post: { requestBody: { required: true, content } } } }, more)
const inputOf = (document: object) => definitionOf(document).operation.inputSchema
const codesOf = (document: object) => read(document).diagnostics.map(({ code }) => code)
const typesOf = (document: object) =>
  definitionOf(document).operation.body!.contents.map(({ contentType }) => contentType)

describe('what a body’s schema says', () => {
  test('B53 a property that is read-only behind a reference is no argument', () => {
    const schemas = { Id: { type: 'string', readOnly: true } }
    const properties = { id: { $ref: '#/components/schemas/Id' }, name: { type: 'string' } }
    const schema = { type: 'object', properties, required: ['id', 'name'] }
    const input = inputOf(withBody({ 'application/json': { schema } }, { components: { schemas } }))
    expect([Object.keys(input.properties as object), input.required]).toEqual([['name'], ['name']])
  })

  test('a property that is required but not described becomes an argument', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'team_id'] }
    const document = withBody({ 'application/json': { schema } })
    expect(inputOf(document)).toMatchObject({ properties: { team_id: {} }, required: ['a', 'team_id'] })
    expect(codesOf(document)).toContain('required-undeclared')
    expect(bodyText(requestFor(document, { a: 'x', team_id: 7 }))).toBe('{"a":"x","team_id":7}')
  })

  test('B44 what several parts of an allOf say of one property holds together', () => {
    const rules = { type: 'object', properties: { policy: { type: 'string', enum: ['A'] } } }
    const Base = { type: 'object', properties: { rules, label: { type: 'string' } } }
    const schema = {
      allOf: [{ $ref: '#/components/schemas/Base' }],
      properties: { rules: { required: ['policy'] }, more: { type: 'integer' } },
    }
    const document = withBody({ 'application/json': { schema } }, { components: { schemas: { Base } } })
    const { operation, wireSchema } = definitionOf(document)
    expect(Object.keys(operation.inputSchema.properties as object)).toEqual(['rules', 'label', 'more'])
    expect(checkSchema(operation.inputSchema, { rules: {} })).not.toEqual([])
    expect(checkSchema(operation.inputSchema, { rules: { policy: 'B' } })).not.toEqual([])
    expect(checkSchema(operation.inputSchema, { rules: { policy: 'A' } })).toEqual([])
    expect(wireSchema.properties).toMatchObject({ rules: { type: 'object', properties: { policy: { enum: ['A'] } } } })
  })

  test('what is required, not described, and not taken either, is not required: nobody could send it', () => {
    const schema = { type: 'object', properties: { a: {} }, required: ['a', 'b'], additionalProperties: false }
    const document = withBody({ 'application/json': { schema } })
    expect(inputOf(document)).toMatchObject({ properties: { a: {} }, required: ['a'] })
    expect(codesOf(document)).toContain('required-undeclared')
  })

  test.each(['', 'json', 'text/plain\r\nX: 1'])('%j is no media type: JSON is sent, and it is said', (type) => {
    const document = withBody({ [type]: { schema: { type: 'object', properties: { a: {} } } } })
    expect(codesOf(document)).toEqual(['media-type-invalid'])
    expect(headerOf(requestFor(document, { a: 1 }), 'content-type')).toBe('application/json')
  })

  test('a key that lists media types offers each with its schema, but for those that have a key of their own', () => {
    const file = { schema: { type: 'string', format: 'binary' } }
    const text = { schema: { type: 'string' } }
    const document = withBody({ 'application/pdf, image/png,text/plain': file, 'text/plain': text })
    expect(codesOf(document)).toEqual(['media-type-invalid', 'body-type-left-out'])
    expect(typesOf(document)).toEqual(['text/plain'])
    const alone = withBody({ 'application/pdf, codecs=x, image/png': file })
    expect(codesOf(alone)).toEqual(['media-type-invalid'])
    expect(typesOf(alone)).toEqual(['application/pdf', 'image/png'])
    const args = { body: 'aGVsbG8=', contentType: 'image/png' }
    expect(headerOf(requestFor(alone, args), 'content-type')).toBe('image/png')
  })

  test('what is no media type is not sent as JSON beside those that are', () => {
    const file = { schema: { type: 'string', format: 'binary' } }
    const document = withBody({ 'audio/ogg': file, 'codecs=opus': file })
    expect(codesOf(document)).toEqual(['media-type-invalid'])
    expect(typesOf(document)).toEqual(['audio/ogg'])
  })

  test.each(['application/json, x', 'a/b\r\nX: 1,c/d', 'application/json,'])(
    '%j lists what is no media type: JSON is sent',
    (type) => {
      const document = withBody({ [type]: { schema: { type: 'object', properties: { a: {} } } } })
      expect(codesOf(document)).toEqual(['media-type-invalid'])
      expect(headerOf(requestFor(document, { a: 1 }), 'content-type')).toBe('application/json')
    },
  )

  test('B114 a text body keeps its limits behind a reference', () => {
    const components = { schemas: { Line: { type: 'string', maxLength: 3 } } }
    const document = withBody({ 'text/plain': { schema: { $ref: '#/components/schemas/Line' } } }, { components })
    expect(inputOf(document).properties).toMatchObject({ body: { type: 'string', maxLength: 3 } })
  })

  test('B73 in a merge patch null is a value: it takes a member away (RFC 7396 2)', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string', description: 'The a.' }, b: { type: 'string' } },
    }
    const patch = withBody({ 'application/merge-patch+json': { schema } })
    const { operation, wireSchema } = definitionOf(patch)
    const healed = healValue(operation.inputSchema, { a: null, b: 'x' }) as Record<string, unknown>
    expect(checkSchema(operation.inputSchema, healed)).toEqual([])
    expect(bodyText(requestFor(patch, healed))).toBe('{"a":null,"b":"x"}')
    expect(wireSchema.properties).toMatchObject({
      a: { description: expect.stringContaining('The a. Null removes it.') },
    })
    const plain = definitionOf(withBody({ 'application/json': { schema } })).operation.inputSchema
    expect({ ...(healValue(plain, { a: null, b: 'x' }) as object) }).toEqual({ b: 'x' })
  })

  test('B118 what only the server writes is left out below the root, too, where it is given back', () => {
    const Thing = {
      type: 'object',
      required: ['id', 'v'],
      properties: { id: { type: 'integer', readOnly: true }, v: { type: 'string' } },
    }
    const nest = { allOf: [{ $ref: '#/components/schemas/Thing' }, { properties: { at: { readOnly: true }, x: {} } }] }
    const own = { type: 'object', properties: { id: { type: 'integer' } } }
    const schema = {
      type: 'object',
      properties: { list: { type: 'array', items: { $ref: '#/components/schemas/Thing' } }, nest, own },
    }
    const document = withBody({ 'application/json': { schema } }, { components: { schemas: { Thing } } })
    const { operation, wireSchema } = definitionOf(document)
    const given = { list: [{ id: 5, v: 'x', more: 1 }], nest: { id: 1, at: 'now', v: 'y', x: 2 }, own: { id: 7 } }
    const healed = healValue(operation.inputSchema, given) as Record<string, unknown>
    expect(checkSchema(operation.inputSchema, healed)).toEqual([])
    expect(JSON.parse(bodyText(requestFor(document, healed))!)).toEqual({
      list: [{ v: 'x', more: 1 }],
      nest: { v: 'y', x: 2 },
      own: { id: 7 },
    })
    expect(JSON.stringify([wireSchema, fullSchema(operation.inputSchema)])).not.toMatch(/x-read-only|"at"/)
  })

  test('B53 what only the server writes is required of nobody, wherever `required` stands', () => {
    const Base = { type: 'object', properties: { id: { type: 'string', readOnly: true }, name: { type: 'string' } } }
    const nested = { allOf: [{ $ref: '#/components/schemas/Base' }, { required: ['id', 'name'] }] }
    const schema = { type: 'object', properties: { inner: nested }, required: ['inner'] }
    const input = inputOf(withBody({ 'application/json': { schema } }, { components: { schemas: { Base } } }))
    expect(checkSchema(input, { inner: { name: 'x' } })).toEqual([])
    expect(checkSchema(input, { inner: {} })).toMatchObject([{ property: 'name' }])
    const flat = inputOf(withBody({ 'application/json': { schema: nested } }, { components: { schemas: { Base } } }))
    expect(flat).toMatchObject({ properties: { name: { type: 'string' } }, required: ['name'] })
    expect(flat.properties).not.toHaveProperty('id')
  })

  test('B114 a text body keeps its limits', () => {
    const document = withBody({ 'text/plain': { schema: { type: 'string', minLength: 3, pattern: '^a' } } })
    expect(inputOf(document).properties).toMatchObject({ body: { type: 'string', minLength: 3, pattern: '^a' } })
  })

  test('B104 of several media types those stay that the same arguments can make; the rest is said', () => {
    const object = { type: 'object', properties: { a: { type: 'string' } } }
    const types = { 'application/x-www-form-urlencoded': { schema: object }, 'application/xml': { schema: object } }
    const document = withBody({ 'application/octet-stream': { schema: { format: 'binary' } }, ...types })
    expect(inputOf(document).properties).toMatchObject({ contentType: { enum: Object.keys(types) } })
    expect(codesOf(document)).toContain('body-type-left-out')
    const xml = requestFor(document, { a: 'x & y', contentType: 'application/xml' })
    expect([headerOf(xml, 'content-type'), bodyText(xml)]).toEqual([
      'application/xml',
      '<?xml version="1.0" encoding="UTF-8"?><root><a>x &amp; y</a></root>',
    ])
    expect(bodyText(requestFor(document, { a: 'x & y' }))).toBe('a=x+%26+y')
  })
})

describe('bodies that are described otherwise than they are', () => {
  test.each(['application/x-www-form-urlencoded', 'multipart/form-data'])(
    '%s without an object takes any fields',
    (type) => {
      const document = withBody({ [type]: { schema: { type: 'string' } } })
      expect(codesOf(document)).toContain('body-no-object')
      expect(bodyText(requestFor(document, { body: { q: 'a b' } }))).toContain(
        type === 'multipart/form-data' ? '\r\n\r\na b\r\n' : 'q=a+b',
      )
    },
  )

  test('a text of parts whose boundary is given, as SAP describes a batch, goes as it is', () => {
    const type = 'multipart/mixed;boundary=request-separator'
    const document = withBody({ [type]: { schema: { type: 'string' } } })
    const batch =
      '--request-separator\r\nContent-Type: application/http\r\n\r\nGET A HTTP/1.1\r\n\r\n--request-separator--'
    const request = requestFor(document, { body: batch })
    expect([headerOf(request, 'content-type'), bodyText(request)]).toEqual([type, batch])
    expect(codesOf(document)).toEqual([])
  })

  test('a file beside a form that describes nothing is what is sent', () => {
    const schema = { type: 'object', format: 'file' }
    const document = withBody({ 'multipart/form-data': { schema }, 'application/octet-stream': { schema } })
    expect(bodyText(requestFor(document, { body: 'aGk=' }))).toBe('hi')
  })

  test('B54 a list of values on an array is meant for its items', () => {
    const document = withBody({
      'application/json': { schema: { properties: { a: { type: 'array', enum: ['x', 'y'] } } } },
    })
    expect(inputOf(document).properties).toEqual({ a: { type: 'array', items: { enum: ['x', 'y'] } } })
  })
})

describe('media types of one body that differ', () => {
  const text = { type: 'string' }
  const json = { type: 'object', properties: { content: text, nonce: text }, required: ['content'] }
  const form = { type: 'object', properties: { content: text, 'files[0]': { type: 'string', format: 'binary' } } }
  const document = withBody({ 'multipart/form-data': { schema: form }, 'application/json': { schema: json } })

  test('a form is offered beside JSON for the properties that JSON has not', () => {
    expect(Object.keys(inputOf(document).properties as object)).toEqual(['content', 'nonce', 'files_0', 'contentType'])
    expect(inputOf(document).required).toBeUndefined()
    expect(bodyText(requestFor(document, { content: 'hi', nonce: '1' }))).toBe('{"content":"hi","nonce":"1"}')
    const withFile = requestFor(document, { content: 'hi', files_0: 'aGk=' })
    expect(headerOf(withFile, 'content-type')).toMatch(/^multipart/)
    expect(bodyText(withFile)).toContain('name="files[0]"; filename="files[0]"')
    const asked = requestFor(document, { content: 'hi', contentType: 'multipart/form-data' })
    expect(headerOf(asked, 'content-type')).toMatch(/^multipart/)
  })

  test('what the chosen type has not is refused, and so is what it needs and lacks', () => {
    expect(() => requestFor(document, { nonce: '1', files_0: 'aGk=' })).toThrow(/application\/json has no files_0/)
    expect(() => requestFor(document, { content: 'x', files_0: 'aGk=', contentType: 'application/json' })).toThrow(
      /files_0/,
    )
    expect(() => requestFor(document, { nonce: '1' })).toThrow(/Missing for a body of type application\/json: content/)
    expect(headerOf(requestFor(document, {}), 'content-type')).toMatch(/^multipart/)
  })

  test('a name that is a file in one and no file in the other takes either, and a file says that it is one', () => {
    const image = { type: 'object', properties: { url: text } }
    const mixed = withBody({
      'application/json': { schema: { type: 'object', properties: { image } } },
      'multipart/form-data': {
        schema: { type: 'object', properties: { image: { type: 'string', format: 'binary' }, size: text } },
      },
    })
    const input = inputOf(mixed)
    expect(checkSchema(input, { image: { url: 'x' } })).toEqual([])
    const file = { filename: 'a.png', data: 'aGk=' }
    expect(checkSchema(input, { image: file, size: 'x' })).toEqual([])
    expect(checkSchema(input, { image: 'aGk=', size: 'x' })).not.toEqual([])
    expect(bodyText(requestFor(mixed, { image: file, size: 'x' }))).toContain('\r\n\r\nhi\r\n')
    expect(bodyText(requestFor(mixed, { image: file }))).toContain('\r\n\r\nhi\r\n')
    expect(bodyText(requestFor(mixed, { image: { url: 'x' } }))).toBe('{"image":{"url":"x"}}')
  })

  test('a form with the same properties is not', () => {
    const same = withBody({ 'multipart/form-data': { schema: json }, 'application/json': { schema: json } })
    expect(inputOf(same).properties).not.toHaveProperty('contentType')
  })
})

describe('parts of a multipart body', () => {
  const multipart = (properties: object, encoding: object = {}) =>
    withBody({ 'multipart/form-data': { schema: { type: 'object', properties }, encoding } })
  const sent = (document: object, args: Record<string, unknown>) => bodyText(requestFor(document, args))!

  test('B111 headers whose value the document says go with the part', () => {
    const headers = { 'X-Kind': { schema: { const: 'cover' } }, 'X-Free': { schema: { type: 'string' } } }
    const document = multipart({ a: { type: 'string' } }, { a: { contentType: 'text/csv', headers } })
    expect(sent(document, { a: '1,2' })).toContain('name="a"\r\nContent-Type: text/csv\r\nX-Kind: cover\r\n\r\n1,2\r\n')
  })

  test('B110 a choice of file types, and a file without a schema, are files', () => {
    const binary = { type: 'string', format: 'binary' }
    const document = multipart(
      {
        either: { oneOf: [binary, { type: 'array', items: binary }] },
        bare: {},
        list: { type: 'array', items: binary },
      },
      { bare: { contentType: 'image/png' } },
    )
    const body = sent(document, { either: 'aGk=', bare: 'aGk=', list: ['aGk=', { filename: 'b.txt', data: 'aG8=' }] })
    expect(body.match(/\r\n\r\nhi\r\n/g)).toHaveLength(3)
    expect(body).toContain('name="list"; filename="b.txt"')
    expect(body).toContain('name="bare"; filename="bare"\r\nContent-Type: image/png')
  })

  test('B112 text that the document says is base64 goes out as that text', () => {
    const property = { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/png' }
    expect(sent(multipart({ a: property }), { a: 'aGk=' })).toContain(
      'Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n',
    )
    const whole = withBody({ 'application/octet-stream': { schema: { type: 'string', contentEncoding: 'base64' } } })
    expect(sent(whole, { body: 'aGk=' })).toBe('aGk=')
  })
})

describe('B115 XML by its metadata', () => {
  const Pet = {
    type: 'object',
    xml: { name: 'pet', namespace: 'urn:p', prefix: 'p' },
    properties: {
      id: { type: 'integer', xml: { attribute: true } },
      name: { type: 'string', xml: { name: 'petName' } },
      photos: {
        type: 'array',
        xml: { name: 'photoList', wrapped: true },
        items: { type: 'string', xml: { name: 'photo' } },
      },
      tags: { type: 'array', items: { $ref: '#/components/schemas/Tag' }, xml: { wrapped: true } },
      flat: { type: 'array', items: { type: 'integer' } },
    },
  }
  const Tag = { type: 'object', properties: { label: { type: 'string' } }, xml: { name: 'tag' } }
  const components = { schemas: { Pet, Tag, Pets: { type: 'array', items: { $ref: '#/components/schemas/Pet' } } } }
  const document = withBody({ 'application/xml': { schema: { $ref: '#/components/schemas/Pet' } } }, { components })
  const head = '<?xml version="1.0" encoding="UTF-8"?>'

  test('names, attributes, wrapping, namespaces, lists', () => {
    const args = { id: 5, name: 'a<b', photos: ['x', 'y'], tags: [{ label: 'l"' }], flat: [1, 2] }
    expect(bodyText(requestFor(document, args))).toBe(
      `${head}<p:pet xmlns:p="urn:p" id="5"><petName>a&lt;b</petName><photoList><photo>x</photo><photo>y</photo></photoList>` +
        '<tags><tag><label>l"</label></tag></tags><flat>1</flat><flat>2</flat></p:pet>',
    )
  })

  test('S18 a value cannot open an element or leave its attribute', () => {
    const attack = '"/></p:pet><admin>'
    const document2 = withBody({
      'application/xml': {
        schema: { type: 'object', properties: { a: { type: 'string', xml: { attribute: true } }, b: {} } },
      },
    })
    expect(bodyText(requestFor(document2, { a: attack, b: attack }))).toBe(
      `${head}<root a="&quot;/&gt;&lt;/p:pet&gt;&lt;admin&gt;"><b>"/&gt;&lt;/p:pet&gt;&lt;admin&gt;</b></root>`,
    )
    expect(() => requestFor(document2, { b: { 'x y': 1 } })).toThrow(/cannot be the name/)
    expect(() => requestFor(document2, { b: 'a\u0001' })).toThrow(/control characters/)
  })

  test('a list at the root, and a raw document where there is no structure', () => {
    const list = withBody({ 'text/xml': { schema: { $ref: '#/components/schemas/Pets' } } }, { components })
    expect(bodyText(requestFor(list, { body: [{ name: 'n' }] }))).toBe(
      `${head}<p:pet xmlns:p="urn:p"><petName>n</petName></p:pet>`,
    )
    const raw = withBody({ 'application/xml': {} })
    expect(inputOf(raw).properties).toMatchObject({ body: { type: 'string' } })
    expect(bodyText(requestFor(raw, { body: '<a/>' }))).toBe('<a/>')
  })
})

describe('B46 unions told apart by a property', () => {
  const Cat = {
    type: 'object',
    properties: { kind: { type: 'string' }, lives: { type: 'integer' } },
    required: ['kind'],
  }
  const Dog = { type: 'object', properties: { kind: { type: 'string' }, bark: { type: 'string' } }, required: ['kind'] }
  const refs = [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]

  test('the values of a mapping are listed in each branch, and only they are taken', () => {
    const mapping = { feline: '#/components/schemas/Cat', puss: 'Cat', canine: '#/components/schemas/Dog' }
    const schema = { oneOf: refs, discriminator: { propertyName: 'kind', mapping } }
    const document = withBody({ 'application/json': { schema } }, { components: { schemas: { Cat, Dog } } })
    const { operation, wireSchema } = definitionOf(document)
    const branches = (wireSchema.properties as { body: { anyOf: Array<{ properties: object }> } }).body.anyOf
    expect(branches[0]!.properties).toMatchObject({ kind: { enum: ['feline', 'puss'] }, lives: { type: 'integer' } })
    expect(branches[1]!.properties).toMatchObject({ kind: { enum: ['canine'] }, bark: { type: 'string' } })
    expect(checkSchema(operation.inputSchema, { body: { kind: 'canine', bark: 'x' } })).toEqual([])
    expect(checkSchema(operation.inputSchema, { body: { kind: 'cow' } })).not.toEqual([])
  })

  test('without a mapping the names are told, and nothing is refused for them', () => {
    const schema = { oneOf: refs, discriminator: { propertyName: 'kind' } }
    const document = withBody({ 'application/json': { schema } }, { components: { schemas: { Cat, Dog } } })
    const { operation, wireSchema } = definitionOf(document)
    expect(JSON.stringify(wireSchema)).toContain('\\"Cat\\" selects this form.')
    expect(checkSchema(operation.inputSchema, { body: { kind: 'a-real-value' } })).toEqual([])
  })

  test('an heir of a base that lists its heirs has what the base has, wherever it stands', () => {
    const named = (name: string) => ({ $ref: `#/components/schemas/${name}` })
    const heir = (properties: object) => ({ allOf: [named('Base'), { type: 'object', properties }] })
    const schemas = {
      Base: {
        type: 'object',
        properties: { kind: { type: 'string' }, name: { type: 'string' } },
        required: ['kind'],
        discriminator: { propertyName: 'kind', mapping: { x: named('One').$ref, y: named('Two').$ref } },
        oneOf: [named('One'), named('Two')],
      },
      One: heir({ x: { type: 'string' } }),
      Two: heir({ y: { type: 'string' } }),
    }
    const bodyOf = (schema: object) =>
      definitionOf(withBody({ 'application/json': { schema } }, { components: { schemas } }))
    const properties = { base: named('Base'), one: named('One') }
    const { wireSchema } = bodyOf({ type: 'object', properties })
    const shown = wireSchema.properties as { base: { anyOf: object[] }; one: object }
    expect(shown.one).toMatchObject({ properties: { kind: {}, name: {}, x: {} }, required: ['kind'] })
    expect(shown.base.anyOf[0]).toMatchObject({ properties: { kind: { enum: ['x'] }, name: {}, x: {} } })
    expect(Object.keys(bodyOf(named('One')).operation.inputSchema.properties as object)).toEqual(['kind', 'name', 'x'])
  })

  test('the value that an heir says itself, as Azure writes it, is the one that selects it', () => {
    const Rule = { type: 'object', discriminator: { propertyName: 'kind' }, properties: { kind: { type: 'string' } } }
    const heir = { allOf: [{ $ref: '#/components/schemas/Rule' }], properties: { days: { type: 'integer' } } }
    const schemas = { Rule, DailyRule: { 'x-ms-discriminator-value': 'Daily', ...heir } }
    const schema = { $ref: '#/components/schemas/Rule' }
    const document = withBody({ 'application/json': { schema } }, { components: { schemas } })
    const { wireSchema } = definitionOf(document)
    expect(JSON.stringify(wireSchema)).toContain('"kind":{"type":"string","enum":["Daily"]}')
    expect(JSON.stringify(wireSchema)).not.toContain('selects this form')
  })

  test('a base stands for its heirs, whose own fields are reachable', () => {
    const Pet = {
      type: 'object',
      discriminator: { propertyName: 'kind', mapping: { cat: '#/components/schemas/Kitty' } },
      properties: { kind: { type: 'string' }, name: { type: 'string' } },
      required: ['kind'],
    }
    const heir = (properties: object) => ({
      allOf: [{ $ref: '#/components/schemas/Pet' }, { type: 'object', properties }],
    })
    const schemas = {
      Pet,
      Kitty: heir({ lives: { type: 'integer' } }),
      Puppy: heir({ friend: { $ref: '#/components/schemas/Pet' } }),
    }
    const document = withBody(
      { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } },
      { components: { schemas } },
    )
    const { operation, wireSchema } = definitionOf(document)
    expect(JSON.stringify(wireSchema)).toContain('"lives":{"type":"integer"}')
    expect(JSON.stringify(wireSchema)).toContain('"enum":["cat"]')
    const args = healValue(operation.inputSchema, { body: { kind: 'cat', name: 'n', lives: '9' } }) as Record<
      string,
      unknown
    >
    expect(checkSchema(operation.inputSchema, args)).toEqual([])
    expect(bodyText(requestFor(document, args))).toBe('{"kind":"cat","name":"n","lives":9}')
  })
})
