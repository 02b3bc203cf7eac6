/** Whether a text can be sent as a media type or a range of them (RFC 9110 8.3.1); parameters are not looked into. */
export function isMediaType(text: string): boolean {
  return /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+\s*(;.*)?$/.test(text) && !/[^\x20-\x7E]/.test(text)
}
