/** What scripts find, sorted: the language and a console. No timer, no memory that is shared, nothing that leads out. */
export const OF_THE_LANGUAGE: readonly string[] = (
  'AggregateError Array ArrayBuffer AsyncDisposableStack BigInt BigInt64Array BigUint64Array Boolean DataView ' +
  'Date DisposableStack Error EvalError Float16Array Float32Array Float64Array Function Infinity Int16Array ' +
  'Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError ' +
  'Reflect RegExp Set String SuppressedError Symbol SyntaxError TypeError URIError Uint16Array Uint32Array ' +
  'Uint8Array Uint8ClampedArray WeakMap WeakSet console decodeURI decodeURIComponent encodeURI encodeURIComponent ' +
  'escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape'
).split(' ')
