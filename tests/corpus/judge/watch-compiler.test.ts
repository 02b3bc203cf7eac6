import { expect, test } from 'vitest'
import { watchCompiler } from './watch-compiler.ts'

test('what a compiler and its checks throw is told, and what says the same is compiled once', () => {
  let compiled = 0
  class Compiler {
    compile(schema: unknown): () => boolean {
      const { fault } = schema as { fault?: string }
      if (fault === 'compile') throw new Error('cannot be compiled')
      compiled++
      return () => {
        if (fault === 'check') throw new RangeError('out of stack')
        return true
      }
    }
  }
  const told: string[] = []
  watchCompiler(Compiler, (fault) => told.push(fault))
  const compiler = new Compiler()
  expect(() => compiler.compile({ fault: 'compile' })).toThrow('cannot be compiled')
  expect(compiler.compile({ fault: 'check' })).toThrow('out of stack')
  expect(told).toEqual(['cannot be compiled', 'out of stack'])
  compiled = 0
  expect(compiler.compile({ type: 'string', 'x-stoplight': { id: 'a' } })()).toBe(true)
  compiler.compile({ type: 'string', 'x-stoplight': { id: 'b' } })
  compiler.compile({ type: 'number', 'x-stoplight': { id: 'a' } })
  expect(compiled).toBe(2)
})
