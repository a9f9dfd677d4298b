// How long a refusal is held back, so that its time does not tell which format the person's password is stored in, nor
// whether there is such a person.

/** Remembers what each format costs here, and from that how long a refusal has to wait. */
export type RefusalPace = {
  /** Takes note that a check of this format took so much of a core's time. */
  remember(format: string, cpuMs: number): void;
  /**
   * How many milliseconds a refusal must still wait after a computation that took `tookMs` by the clock and `cpuMs` of a
   * core: until the slowest format known here would have been done, on a machine just as busy.
   */
  remainder(tookMs: number, cpuMs: number): number;
};

/** Longer nobody is held: past this an answer may tell that the account has an unusually slow imported password. */
const LONGEST_HOLD_MS = 1000;

// Imported rows may carry any number of costs; a hold has to look through all that are remembered.
const MOST_FORMATS = 32;

const MOST_CROWDED = 8;

/** Opens the memory, empty: until a slower format was met once, nothing is held. */
export function openRefusalPace(): RefusalPace {
  const typical = new Map<string, number>();
  return {
    remember(format, cpuMs) {
      const before = typical.get(format);
      if (before === undefined && typical.size >= MOST_FORMATS) return;
      typical.set(format, before === undefined ? cpuMs : before + (cpuMs - before) / 8);
    },
    remainder(tookMs, cpuMs) {
      const slowest = Math.max(0, ...typical.values());
      return Math.min(Math.max(0, slowest * crowding(tookMs, cpuMs) - tookMs), LONGEST_HOLD_MS);
    },
  };
}

// How many times longer than alone on a core it took. Below a millisecond of work the clocks are too coarse to tell.
function crowding(tookMs: number, cpuMs: number): number {
  return Math.min(Math.max(1, tookMs / Math.max(1, cpuMs)), MOST_CROWDED);
}
