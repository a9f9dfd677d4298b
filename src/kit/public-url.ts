// What can be the public address of an installation.

/** An address as the public one: an origin, since `__Host-` cookies hold for a whole host; undefined when it cannot be one. */
export function publicUrlOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol) || url.username || url.search || url.hash || url.pathname !== '/')
    return undefined;
  return url.origin;
}
