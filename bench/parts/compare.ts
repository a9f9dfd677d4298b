// Rivals measured in turn: a round measures each once, so that a busy moment of the machine meets all of them alike. The
// figures are medians over the rounds; a ratio is the median of the rounds' own ratios.

import type { Bench } from './workload.ts';

/** One measurement of one rival. */
export type Sample = {
  readonly perSecond: number;
  /** Processor time of the server process for each, all its threads. */
  readonly cpuMsEach: number;
  /** Processor time over time: 1 is one core kept busy. */
  readonly busy: number;
  readonly p99Ms?: number;
};

/** Whoever is measured. */
export type Rival = { readonly name: string; readonly measure: (seconds: number) => Promise<Sample> };

/** What the rounds found. */
export type Rounds = {
  /** The medians of a rival. */
  of(name: string): Sample;
  /** How many times as fast as `base` a rival is. */
  ratio(name: string, base: string): number;
};

/**
 * Measures the rivals in turn, after a run of each that does not count: code gets twice as fast in its first twenty seconds,
 * and a server runs for weeks.
 */
export async function inTurns(bench: Bench, rivals: readonly Rival[]): Promise<Rounds> {
  for (const rival of rivals) await measured(rival, Math.max(2, 3 * bench.seconds));
  const found = new Map<string, Sample[]>(rivals.map(({ name }) => [name, []]));
  for (let round = 1; round <= bench.rounds; round += 1) {
    for (const rival of rivals) {
      const { name } = rival;
      const sample = await measured(rival, bench.seconds);
      bench.say(`${name}: ${perSecond(sample.perSecond)}`);
      found.get(name)?.push(sample);
    }
  }
  const samples = (name: string): Sample[] => found.get(name) ?? [];
  const each = (name: string, pick: (sample: Sample) => number): number => median(samples(name).map(pick));
  return {
    of: (name) => ({
      perSecond: each(name, (one) => one.perSecond),
      cpuMsEach: each(name, (one) => one.cpuMsEach),
      busy: each(name, (one) => one.busy),
      p99Ms: each(name, (one) => one.p99Ms ?? 0),
    }),
    ratio: (name, base) =>
      median(samples(name).map((one, round) => one.perSecond / (samples(base)[round]?.perSecond ?? Number.NaN))),
  };
}

async function measured({ name, measure }: Rival, seconds: number): Promise<Sample> {
  try {
    return await measure(seconds);
  } catch (error) {
    throw new Error(`${name} failed`, { cause: error });
  }
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** A rate in words, with as many digits as it is worth. */
export function perSecond(rate: number): string {
  return `${rate >= 100 ? Math.round(rate).toLocaleString('en') : rate.toFixed(1)}/s`;
}

/** A time in words. */
export function milliseconds(ms: number): string {
  return `${ms >= 100 ? Math.round(ms).toLocaleString('en') : ms.toPrecision(2)} ms`;
}

/** What a sample says: the rate, and what the server spent on each. */
export function sampleText(sample: Sample): string {
  return `${perSecond(sample.perSecond)}, ${Math.round(sample.cpuMsEach * 1000)} µs of a core each`;
}

/** A ratio in words. */
export function times(ratio: number): string {
  return ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2);
}
