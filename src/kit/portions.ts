// A long list in portions that a statement can carry: SQLite takes some thirty thousand values, PostgreSQL sixty-five.

/** The portions of a list, in its order. */
export function portions<Item>(items: readonly Item[], size = 500): Item[][] {
  const made: Item[][] = [];
  for (let at = 0; at < items.length; at += size) made.push(items.slice(at, at + size));
  return made;
}
