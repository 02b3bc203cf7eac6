/** The product's version, as clients are told. Held equal to package.json by a test. */
export const VERSION = '0.1.0'
