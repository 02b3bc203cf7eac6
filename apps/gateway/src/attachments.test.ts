import { expect, test } from 'vitest'
import { createAttachments } from './attachments.ts'

test('what hangs on an object is no member of it, and none of its copies', () => {
  const notes = createAttachments<object, string>()
  const thing = { name: 'thing' }
  notes.set(thing, 'first')
  notes.set(thing, 'second')
  expect(notes.get(thing)).toBe('second')
  expect(thing).toEqual({ name: 'thing' })
  expect(JSON.stringify(thing)).toBe('{"name":"thing"}')
  expect(notes.get({ ...thing })).toBeUndefined()
  expect(createAttachments<object, string>().get(thing)).toBeUndefined()
  notes.delete(thing)
  expect(notes.get(thing)).toBeUndefined()
})
