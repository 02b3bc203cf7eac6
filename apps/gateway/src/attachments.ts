/**
 * Values that hang on objects as long as those live, as in a map with weak keys. But all that such a map leads to is looked at by the
 * garbage collector while everything else stands still: of thousands of tools that takes tens of milliseconds. Copies bear none.
 */
export function createAttachments<K extends object, V>(): Pick<WeakMap<K, V>, 'get' | 'delete'> & {
  set(key: K, value: V): void
} {
  const slot = Symbol('attachment')
  return {
    get: (key) => (key as { [slot]?: V })[slot],
    set: (key, value) => void Object.defineProperty(key, slot, { value, configurable: true }),
    delete: (key) => Reflect.deleteProperty(key, slot),
  }
}
