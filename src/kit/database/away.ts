// Whether an error says that the database cannot serve at the moment: gone, locked, read only, full, out of connections, or its
// disk failing. Whoever asked did nothing wrong and may try again; everything else is a fault of ours.

/**
 * Whether an error came of a database that cannot serve now. By SQLite's result codes (sqlite.org/rescode.html), PostgreSQL's
 * SQLSTATE (appendix A of its manual), and what the operating system and the driver say of connections that broke.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errcode, syscall } = error as Error & Partial<Record<'code' | 'errcode' | 'syscall', unknown>>; // each driver adds its own
  if (code === 'ERR_SQLITE_ERROR') return typeof errcode === 'number' && SQLITE.has(errcode & 0xff); // the rest is detail
  if (code === 'ENOENT') return syscall === 'connect'; // the folder of a socket
  if (typeof code === 'string') return BROKEN.has(code) || POSTGRES.test(code);
  return DRIVER.test(error.message);
}

/** Busy, locked, out of memory, read only, input or output, corrupt, full, cannot open, lock protocol, not a database. */
const SQLITE = new Set([5, 6, 7, 8, 10, 11, 13, 14, 15, 26]);

/**
 * Connection (08), who connects (28), no such database (3D000), not accepting connections (55000), resources (53), the
 * operator's hand (57P), the system (58), damage (XX001, XX002); read only (25006), a lock not got (55P03), cancelled (57014).
 */
const POSTGRES = /^(?:08...|28...|3D000|55000|53...|57P..|58...|XX00[12]|25006|55P03|57014)$/;

const BROKEN = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const DRIVER =
  /^(?:Connection terminated|Client (?:has encountered a connection error|was closed)|timeout exceeded when trying|Query read timeout)/;
