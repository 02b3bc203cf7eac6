/** Where an object that was rewritten stands in the text as received. */
export type Origins = WeakMap<object, string>
