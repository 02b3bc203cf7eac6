/** Words that say nothing of what is wanted. Verbs stay: they tell reading from writing. */
export const STOP_WORDS: ReadonlySet<string> = listed(`
  a an the this that these those it its is are was were be been being am do does did has have had having i me my mine you
  your yours we us our ours he she him her his hers they them their theirs and or but if then else so as of at by for from
  in into on onto to with within without about over under between out up down off via per through during after before
  again further once here there when where why how what which who whom whose all any both each few more most other some
  such no nor not only own same than too very can could will would shall should may might must just also please want wants
  wanted need needs needed like let lets help using use used uses based given provide provides provided specific certain
  particular various able currently one ones something anything thing things kind sort lot etc eg ie id ill ive im thanks
  thank hey hi hello know tell wondering wonder look looking interested api apis`)

/** What people say around what they want: why they ask, and when. An API is seldom about it. */
export const SMALL_TALK: ReadonlySet<string> = listed(`
  plan planning trip travel friend friends project work working job home party presentation report research study class
  school book blog article post writing write story week weekend month year day today tomorrow tonight morning evening
  night time moment next last soon recently curious interesting information info detail details way type people someone
  person family daughter son niece nephew mother father sister brother kid kids child children boss colleague name number
  value first second third good great best better nice cute funny new old big small large quick quickly possible sure
  interest different variety several many much bit really actually make prepare organize attend visit heading thinking
  trying learn read hear heard remember forget understand explore check`)

/** Words that say which of a kind is meant, not of what kind it is: some path of any API ends in one of them. */
export const QUALIFIERS: ReadonlySet<string> = listed(`
  current currently latest newest recent recently top popular random available next upcoming active total average`)

function listed(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/))
}
