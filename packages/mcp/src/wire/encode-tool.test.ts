import type { Operation } from '@sluice/contract'
import { expect, test } from 'vitest'
import { listed } from '../testing/hosted.ts'
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
