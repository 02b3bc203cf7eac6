/**
 * For the processes of tests, which live for seconds: V8 would compile the embedded database's largest functions anew, the
 * optimized way, while it opens, at three quarters of a second of a core and 500 MB. What runs for longer gets there still.
 */
export const SHORT_LIVED = '--wasm-tiering-budget=1000000000'
