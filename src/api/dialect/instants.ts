// Instants as the wire writes them: `2026-03-31 09:26:53`, always UTC here.

/** How the wire says "never". */
export const ZERO_INSTANT = '0000-00-00 00:00:00';

/** An instant in milliseconds as the wire writes it; absent is the zero date, as clients expect. */
export function wireInstant(ms: number | undefined): string {
  return ms === undefined ? ZERO_INSTANT : new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** An instant from the wire, `Y-m-d H:i:s` or a day alone; the zero date is `never`, what does not exist `invalid`. */
export function readInstant(text: string): number | 'never' | 'invalid' {
  const clean = text.trim();
  if (/^0000-00-00( 00:00:00)?$/.test(clean)) return 'never';
  const full = /^\d{4}-\d{2}-\d{2}$/.test(clean) ? `${clean} 00:00:00` : clean;
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(full)) return 'invalid';
  const ms = Date.parse(`${full.replace(' ', 'T')}Z`);
  // Date.parse turns 31 February into March; what it reads must read back the same.
  return Number.isFinite(ms) && wireInstant(ms) === full ? ms : 'invalid';
}
