// Many rows in few statements.

// A statement may hold 32,766 values on SQLite and 65,535 on PostgreSQL; the widest table has some 45 columns.
const ROWS_IN_A_STATEMENT = 500;

/** The rows in portions that fit one statement each. All but the last are of one size, so that one prepared statement serves. */
export function portions<Row>(rows: readonly Row[]): Row[][] {
  const parts: Row[][] = [];
  for (let at = 0; at < rows.length; at += ROWS_IN_A_STATEMENT) parts.push(rows.slice(at, at + ROWS_IN_A_STATEMENT));
  return parts;
}
