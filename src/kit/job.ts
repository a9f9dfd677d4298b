// What a job is: a `*.job.ts` of a topic exports one by default. The runner sees to it that one process runs each at a time.

/** A job. `everyMs` is the pause between two runs; `leaseMs` how long a run may take before another process may start it. */
export type Job<Context> = {
  readonly name: string;
  readonly everyMs: number;
  readonly leaseMs: number;
  readonly run: (ctx: Context) => Promise<void>;
};
