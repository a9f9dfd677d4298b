// Small read-mostly things (settings, bans) kept for at most a moment, so that a request need not read them.
// The database stays the truth: another process's change is seen within `maxAge`, this process's own at once.
//
// A transaction looks at what is kept, but shares no load with anybody outside of it. It would wait for a read that waits
// for a connection, while transactions hold all of them; and what it reads itself may be its own change, which is undone
// when it fails. What it had to load is kept for itself alone, until it ends.

import { transactionUnderWay } from '#kit/database/database.ts';

/** Keeps loaded values by name. */
export type Snapshots = {
  /** The value loaded at most `maxAge` milliseconds ago, else a fresh one. Concurrent callers share one load. */
  get<T>(name: string, now: number, maxAge: number, load: () => Promise<T>): Promise<T>;
  /** The same where it is at hand; undefined where `get` would have to load or to wait. A request asks a dozen times. */
  known<T>(name: string, now: number, maxAge: number): T | undefined;
  /** Forgets a value. Call it after the commit that changed it, and in a transaction that goes on to read it. */
  forget(name: string): void;
};

type Kept = { readonly at: number; readonly value: Promise<unknown>; loaded?: { readonly value: unknown } };

/** Makes an empty store. */
export function openSnapshots(): Snapshots {
  const kept = new Map<string, Kept>();
  const ownReads = new WeakMap<object, Map<string, Promise<unknown>>>();
  const changedIn = new WeakMap<object, Set<string>>();

  const fresh = (name: string, now: number, maxAge: number): Kept | undefined => {
    const known = kept.get(name);
    return known && now - known.at < maxAge && now >= known.at ? known : undefined;
  };

  const knownInside = (transaction: object, name: string, known: Kept | undefined): Kept['loaded'] =>
    changedIn.get(transaction)?.has(name) ? undefined : known?.loaded;

  const getInside = <T>(transaction: object, name: string, known: Kept | undefined, load: () => Promise<T>) => {
    if (knownInside(transaction, name, known)) return known?.value;
    const own = ownReads.get(transaction) ?? new Map<string, Promise<unknown>>();
    ownReads.set(transaction, own);
    const value = own.get(name) ?? load();
    own.set(name, value);
    return value;
  };

  const getOutside = <T>(name: string, now: number, known: Kept | undefined, load: () => Promise<T>) => {
    if (known) return known.value;
    const value = load();
    const entry: Kept = { at: now, value };
    kept.set(name, entry);
    value.then(
      (loaded) => {
        entry.loaded = { value: loaded };
      },
      () => {
        if (kept.get(name) === entry) kept.delete(name);
      },
    );
    return value;
  };

  return {
    get<T>(name: string, now: number, maxAge: number, load: () => Promise<T>): Promise<T> {
      const known = fresh(name, now, maxAge);
      const transaction = transactionUnderWay();
      const value = transaction ? getInside(transaction, name, known, load) : getOutside(name, now, known, load);
      return value as Promise<T>; // stored under this name by the same caller
    },
    known<T>(name: string, now: number, maxAge: number): T | undefined {
      const known = fresh(name, now, maxAge);
      const transaction = transactionUnderWay();
      const loaded = transaction ? knownInside(transaction, name, known) : known?.loaded;
      return loaded?.value as T | undefined; // likewise
    },
    forget(name) {
      kept.delete(name);
      const transaction = transactionUnderWay();
      if (!transaction) return;
      ownReads.get(transaction)?.delete(name);
      changedIn.set(transaction, (changedIn.get(transaction) ?? new Set()).add(name));
    },
  };
}
