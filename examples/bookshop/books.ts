export interface NewBook {
  title: string
  author: string
  price: number
  genre?: string
  stock?: number
}

/** A book as the API answers it: what an agent needs stands among much that it does not. */
export interface Book extends Required<NewBook> {
  id: number
  isbn: string
  [detail: string]: unknown
}

const AUTHORS = [
  'Ursula K. Le Guin',
  'Stanisław Lem',
  'Octavia E. Butler',
  'Agatha Christie',
  'Mary Beard',
  'Wisława Szymborska',
  'Carl Sagan',
]
const GENRES = ['fantasy', 'science-fiction', 'crime', 'history', 'poetry', 'science']
const NOUNS = ['Tower', 'River', 'Machine', 'Garden', 'Letter', 'Winter', 'Library']
const KINDS = ['Silent', 'Lost', 'Second', 'Glass', 'Northern', 'Hidden', 'Last']

/** A few hundred books, the same at every start. */
export function createBooks(count = 240): Map<number, Book> {
  const books = new Map<number, Book>()
  for (let id = 1; id <= count; id++) books.set(id, fatten(plainBook(id), id))
  return books
}

function plainBook(id: number): NewBook {
  return {
    title: `The ${KINDS[id % 7]} ${NOUNS[Math.floor(id / 7) % 7]}`,
    author: AUTHORS[id % AUTHORS.length]!,
    genre: GENRES[id % GENRES.length]!,
    price: 8 + ((id * 37) % 240) / 10,
    stock: id % 5,
  }
}

/** Adds what real APIs add: identifiers, links, nested addresses, empty fields. */
export function fatten(book: NewBook, id: number): Book {
  const isbn = `978-3-16-${String(100000 + id)}-${id % 10}`
  return {
    id,
    isbn,
    genre: 'science-fiction',
    stock: 0,
    ...book,
    subtitle: null,
    edition: {
      number: 1 + (id % 4),
      format: 'paperback',
      pages: 180 + ((id * 13) % 400),
      language: { code: 'en', name: 'English' },
      reprint_of: null,
    },
    publisher: {
      id: 9000 + (id % 12),
      name: 'Harbour & Lane',
      imprint: { id: 77, name: 'Lane Classics', parent: { id: 7, name: 'Harbour Group' } },
      address: {
        street: '14 Quay Street',
        city: 'Galway',
        postal_code: 'H91 AB12',
        country: { code: 'IE', name: 'Ireland' },
      },
      contact: { email: 'trade@harbour-lane.example', phone: '+353 91 000000', fax: null },
    },
    shipping: {
      weight_grams: 240 + ((id * 7) % 300),
      dimensions_mm: { width: 129, height: 198, depth: 18 },
      warehouse: { code: `W${id % 3}`, aisle: String.fromCharCode(65 + (id % 20)), shelf: id % 40 },
      methods: [
        { code: 'standard', days: 4, price: 3.5, currency: 'EUR' },
        { code: 'express', days: 1, price: 9.9, currency: 'EUR' },
      ],
    },
    prices: { currency: 'EUR', net: Math.round(book.price * 93.46) / 100, vat_rate: 0.07, discounts: [], history: [] },
    links: {
      self: `https://bookshop.example/v1/books/${id}`,
      cover_small: `https://cdn.bookshop.example/covers/${isbn}/small.jpg`,
      cover_large: `https://cdn.bookshop.example/covers/${isbn}/large.jpg`,
      reviews: `https://bookshop.example/v1/books/${id}/reviews`,
    },
    audit: {
      created_at: '2026-01-05T10:00:00Z',
      created_by: 'importer',
      updated_at: '2026-03-11T08:12:44Z',
      updated_by: 'sync-job',
      revision: id % 9,
      source: 'onix-3.0',
    },
  }
}
