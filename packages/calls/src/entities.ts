/** Characters by the names that HTML's entities have for them (HTML, 13.5): those of ASCII and of Latin-1. */
export const ENTITIES: ReadonlyMap<string, number> = new Map([
  ...ascii(
    'quot:" amp:& apos:\' lt:< gt:> excl:! num:# dollar:$ percnt:% lpar:( rpar:) ast:* midast:* plus:+ comma:, period:. sol:/ colon::',
  ),
  ...ascii(
    'semi:; equals:= quest:? commat:@ lsqb:[ lbrack:[ bsol:\\ rsqb:] rbrack:] hat:^ lowbar:_ underbar:_ grave:`',
  ),
  ...ascii('lcub:{ lbrace:{ verbar:| vert:| verticalline:| rcub:} rbrace:} tab:\t newline:\n'),
  ...latin1(),
])

function ascii(list: string): Array<[string, number]> {
  return list.split(' ').map((entry) => {
    const colon = entry.indexOf(':')
    return [entry.slice(0, colon), entry.charCodeAt(colon + 1)]
  })
}

/** From U+00A0 to U+00FF. */
function latin1(): Array<[string, number]> {
  const names =
    'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot ' +
    'cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml ' +
    'Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
    'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ' +
    'ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
  return names.split(' ').map((name, at) => [name, 0xa0 + at])
}
