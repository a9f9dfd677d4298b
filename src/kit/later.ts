// Work that is done once an answer is on its way, so that how long it takes tells nothing to whoever waits for the answer.
// Whoever leaves waits for it: `laterDone` in the end of a process, and in tests instead of a pause.

const underWay = new Set<Promise<void>>();

/** Does `work` after what is under way in this turn. `failed` hears of what it throws. */
export function later(work: () => Promise<void>, failed: (error: unknown) => void): void {
  const done = new Promise<void>((resolve) => {
    setImmediate(() => {
      work().catch(failed).finally(resolve);
    });
  });
  underWay.add(done);
  void done.then(() => underWay.delete(done));
}

/** Resolves once nothing is left to do, also of what was begun meanwhile. */
export async function laterDone(): Promise<void> {
  while (underWay.size > 0) await Promise.all(underWay);
}
