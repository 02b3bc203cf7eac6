/** Whether a header is for connections, caches, browsers and sessions, and says nothing of what was asked for. */
export function isPlumbing(name: string): boolean {
  return PLUMBING.test(name)
}

const PLUMBING =
  /^(connection|keep-alive|transfer-encoding|date|server|server-timing|via|vary|age|alt-svc|nel|report-to|reporting-endpoints|set-cookie2?|p3p|strict-transport-security|(permissions|referrer|feature)-policy|x-(frame-options|content-type-options|xss-protection|powered-by|served-by|timer|varnish)|(content-security|access-control|cross-origin|cf|x-cache|x-amz-cf)(-.*)?|([\w-]*-)?(auth|session|csrf|xsrf|subject|access|refresh)[\w-]*-token)$/i
