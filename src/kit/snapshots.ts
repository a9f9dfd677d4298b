// Small read-mostly things (settings, bans) kept for at most a moment, so that a request need not read them.
// The database stays the truth: another process's change is seen within `maxAge`, this process's own at once.

/** Keeps loaded values by name. */
export type Snapshots = {
  /** The value loaded at most `maxAge` milliseconds ago, else a fresh one. Concurrent callers share one load. */
  get<T>(name: string, now: number, maxAge: number, load: () => Promise<T>): Promise<T>;
  /** Forgets a value; call it after the commit that changed it. */
  forget(name: string): void;
};

/** Makes an empty store. */
export function openSnapshots(): Snapshots {
  const kept = new Map<string, { at: number; value: Promise<unknown> }>();
  return {
    get<T>(name: string, now: number, maxAge: number, load: () => Promise<T>): Promise<T> {
      const known = kept.get(name);
      if (known && now - known.at < maxAge && now >= known.at) return known.value as Promise<T>; // stored under this name by the same caller
      const value = load();
      kept.set(name, { at: now, value });
      value.catch(() => {
        if (kept.get(name)?.value === value) kept.delete(name);
      });
      return value;
    },
    forget(name) {
      kept.delete(name);
    },
  };
}
