import type { Operation } from '@sluice/contract'
import { expect, test } from 'vitest'
import { hosted, legacy, listed, META, modern } from '../testing/hosted.ts'
import { encodeTool } from './encode-tool.ts'

const CLIENT = { name: 'test', schema: 'portable' } as const

test('B173 a tool carries its method, path, tags and the version of its document, and its title twice', () => {
  const operation = {
    method: 'GET',
    path: '/things/{id}',
    tags: ['things'],
    declaredVersion: '3.1.0',
  } as unknown as Operation
  expect(encodeTool(listed('get_thing', { operation, title: 'Read a thing' }), CLIENT, 'modern')).toMatchObject({
    title: 'Read a thing',
    annotations: { title: 'Read a thing' },
    _meta: {
      'sluice/method': 'GET',
      'sluice/path': '/things/{id}',
      'sluice/tags': ['things'],
      'sluice/openapi': '3.1.0',
    },
  })
})

test('B173 a tool of ours has none of them', () => {
  expect(encodeTool(listed('read_more'), CLIENT, 'modern')._meta).toEqual({})
})

test.each([
  ['https://x.test/i.png', { src: 'https://x.test/i.png' }],
  ['data:image/webp;base64,AA==', { src: 'data:image/webp;base64,AA==', mimeType: 'image/webp' }],
])('B173 a tool carries its icon: %s', (icon, shown) => {
  expect(encodeTool(listed('get_thing', { icon }), CLIENT, 'modern').icons).toEqual([shown])
  expect(encodeTool(listed('get_thing'), CLIENT, 'modern')).not.toHaveProperty('icons')
})

test.each(['fast', 'sdk'] as const)(
  'B173 a server tells its icon to who asks about it, and not with each answer: %s',
  async (engine) => {
    const { ask, close } = hosted({ engine })
    const icons = [{ src: 'https://shop.test/logo.png' }]
    const init = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } }
    expect((await ask(modern('server/discover'))).message).toMatchObject({ result: { _meta: { [INFO]: { icons } } } })
    expect((await ask(legacy('initialize', init))).message).toMatchObject({ result: { serverInfo: { icons } } })
    expect((await ask(modern('tools/call', { name: 'get_thing', arguments: {} }))).text).not.toContain('icons')
    await close()
  },
)

const INFO = `${META}serverInfo`
