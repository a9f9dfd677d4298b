// Being told to stop: the first signal asks, a second one insists.

// Under `npm start` a Ctrl-C comes twice at once, from the terminal and from npm: that is still asking.
const INSISTING_AFTER_MS = 1000;

/** Listens from now on. */
export type StopSignal = {
  /** Resolves at the first SIGTERM or SIGINT. */
  readonly asked: Promise<void>;
  /** Resolves `patienceMs` after the first, or at a second one. */
  insisted(patienceMs: number): Promise<'again' | 'late'>;
};

/** Takes SIGTERM and SIGINT over for the rest of this process's life. */
export function onStopSignal(): StopSignal {
  const asked = Promise.withResolvers<void>();
  const again = Promise.withResolvers<'again'>();
  let askedAt: number | undefined;
  const hear = (): void => {
    const now = performance.now();
    if (askedAt !== undefined && now - askedAt > INSISTING_AFTER_MS) again.resolve('again');
    askedAt ??= now;
    asked.resolve();
  };
  process.on('SIGTERM', hear).on('SIGINT', hear);
  return {
    asked: asked.promise,
    async insisted(patienceMs) {
      await asked.promise;
      const late = new Promise<'late'>((done) => setTimeout(done, patienceMs, 'late').unref());
      return Promise.race([again.promise, late]);
    },
  };
}
