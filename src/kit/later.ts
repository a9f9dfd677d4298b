// Work that nobody waits for at its place, but whoever ends the process does: what is done once an answer is on its way, so
// that how long it takes tells nothing to whoever waits for the answer; and what was asked by somebody who has left since.
// `laterDone` waits for it: in the end of a process, and in tests instead of a pause.

const underWay = new Set<Promise<unknown>>();

/** Does `work` after what is under way in this turn. `failed` hears of what it throws. */
export function later(work: () => Promise<void>, failed: (error: unknown) => void): void {
  void toItsEnd(
    new Promise<void>((resolve) => {
      setImmediate(() => {
        work().catch(failed).finally(resolve);
      });
    }),
  );
}

/** Has the end of the process wait for `work`, whatever becomes of it. Whoever asked for it hears of that, as before. */
export function toItsEnd<T>(work: Promise<T>): Promise<T> {
  const over = (): void => void underWay.delete(work);
  underWay.add(work);
  work.then(over, over);
  return work;
}

/** Resolves once nothing is left to do, also of what was begun meanwhile. */
export async function laterDone(): Promise<void> {
  while (underWay.size > 0) await Promise.allSettled(underWay);
}
