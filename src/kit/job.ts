// What a job is: a `*.job.ts` of a topic exports one by default. The runner sees to it that one process runs each at a time.

/** A job. `everyMs` is the pause between two runs; `leaseMs` how long a run may take before another process may start it. */
export type Job<Context> = {
  readonly name: string;
  readonly everyMs: number;
  readonly leaseMs: number;
  readonly run: (ctx: Context) => Promise<void>;
};

/** The job that a file exports by default, if it does. */
export function jobIn<Context>(module: Readonly<Record<string, unknown>>): Job<Context> | undefined {
  const job = module['default'];
  const declared = typeof job === 'object' && job !== null && 'everyMs' in job && 'leaseMs' in job && 'run' in job;
  return declared ? (job as Job<Context>) : undefined; // a *.job.ts declares it as Job<Context>
}
