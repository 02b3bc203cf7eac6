import { stem } from './words.ts'

/** Words that APIs and those who use them take for one another. A word may stand in several lines. */
const GROUPS = `
  create add new make insert register
  delete remove destroy drop erase cancel
  update edit change modify set patch
  get retrieve fetch read show view see obtain
  list all every enumerate
  search find lookup query
  send post submit deliver upload
  stop halt end terminate
  start begin launch run
  restart reboot
  subscribe follow
  unsubscribe unfollow
  invite invitation
  purchase buy order
  book reserve reservation booking
  evaluate assess check analyze
  configure setting
  pr pull
  repo repository
  ci workflow action
  branch ref
  ticket issue
  task job
  play resume
  song track music
  movie film
  show tv
  picture image photo
  file document
  folder directory
  email mail
  message sms text chat
  phone telephone call
  money balance
  bill invoice
  price cost
  quote offer
  shop store
  client customer
  person people user member
  user account profile
  staff employee team workforce
  company organization business
  place location address
  area region zone
  server droplet machine instance vm
  key secret token credential
  log output
  error fail failure
  status state health
  statistic metric analytics stat
  rate rating review
  information info detail
  forecast weather temperature
  schedule plan calendar appointment
  current now present playing
  favorite favourite top best
  new latest newest recent
  past previous history historical
  available supported
`

/** Stems that may stand for a stem. */
export function synonymsOf(term: string): readonly string[] {
  return SYNONYMS.get(term) ?? NONE
}

const NONE: readonly string[] = []

const SYNONYMS = new Map<string, string[]>()
for (const line of GROUPS.trim().split('\n')) {
  const group = line.trim().split(' ').map(stem)
  for (const term of group) {
    const others = group.filter((other) => other !== term)
    SYNONYMS.set(term, [...new Set([...(SYNONYMS.get(term) ?? []), ...others])])
  }
}
