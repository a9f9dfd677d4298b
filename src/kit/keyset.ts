// Leafing through a long list by ids: which rows are shown, and which ids the pages before and after begin at.

/** Where in a list: behind the row `after`, or in front of the row `before`; neither is its start. */
export type KeysetPlace = { readonly after?: number | undefined; readonly before?: number | undefined };

/** A page of a list. `next`: ask for what comes after this id; `previous`: for what comes before it. */
export type KeysetPage<Row> = {
  readonly rows: readonly Row[];
  readonly next: number | undefined;
  readonly previous: number | undefined;
};

/**
 * Makes a page of `size` rows out of up to `size + 1` that were read at `place`, in the order they are shown: the one too
 * many, which stands at the far end, tells that there is more. Where one came from there is always more.
 */
export function keysetPage<Row extends { readonly id: number }>(
  read: readonly Row[],
  size: number,
  place: KeysetPlace,
): KeysetPage<Row> {
  const backwards = place.before !== undefined;
  const more = read.length > size;
  const rows = backwards ? read.slice(-size) : read.slice(0, size);
  const hasNext = backwards || more;
  const hasPrevious = backwards ? more : place.after !== undefined;
  return {
    rows,
    next: hasNext ? (rows.at(-1)?.id ?? place.before) : undefined,
    previous: hasPrevious ? (rows[0]?.id ?? place.after) : undefined,
  };
}
