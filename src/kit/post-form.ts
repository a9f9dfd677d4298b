// Asking another service a question: fields go there by POST, JSON comes back. The address is one of our own constants, never
// typed by anybody, so private networks need no guard here (for addresses that somebody typed there is outgoing.ts).

const LARGEST_ANSWER = 64 * 1024;

/**
 * Posts fields and answers the parsed JSON. Throws when nothing, something else, or too much comes back, when the status is
 * no success, or when it takes longer than `withinMs` milliseconds. Follows no redirect.
 */
export async function postForm(
  url: string,
  fields: Readonly<Record<string, string>>,
  withinMs: number,
): Promise<unknown> {
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'error',
    signal: AbortSignal.timeout(withinMs),
  });
  if (!answer.ok) throw new Error(`${new URL(url).host} answered ${answer.status}`);
  return JSON.parse(await textOf(answer, url));
}

async function textOf(answer: Response, url: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    size += part.length;
    if (size > LARGEST_ANSWER) throw new Error(`${new URL(url).host} answered more than expected`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
