// What a workload is: the default export of every *.bench.ts, and what it is given.

import type { Place } from './place.ts';
import type { Server, ServerName } from './server.ts';

/** The two databases that Doorward runs on. */
export type DatabaseName = 'sqlite' | 'postgres';

/** A workload: what it measures and how. */
export type Workload = {
  readonly title: string;
  /** A few sentences for docs/performance.md: what is measured, beside what, and how to read it. */
  readonly about: string;
  readonly run: (bench: Bench) => Promise<Line[]>;
};

/** Declares a workload; the default export of its file. */
export function workload(declared: Workload): Workload {
  return declared;
}

/** What a workload is given. Whatever it opens by this is closed when it ends. */
export type Bench = {
  readonly database: DatabaseName;
  /** A minute for everything: too short to believe, long enough to see that each workload still runs. */
  readonly quick: boolean;
  /** Also the sizes that take minutes to fill. */
  readonly full: boolean;
  /** How long one measurement takes, in seconds, and how often it is repeated in turn with its rivals. */
  readonly seconds: number;
  readonly rounds: number;
  /** A new data folder and an empty database. */
  place(): Promise<Place>;
  /** Starts a server process; `given` is what its file in bench/servers expects. */
  start(name: ServerName, given: object): Promise<Server>;
  /** Says what is going on, for whoever waits. */
  say(text: string): void;
};

/** One measured thing. */
export type Line = {
  readonly what: string;
  /** With its unit. */
  readonly measured: string;
  /** What it is compared with in the same run, in words with the figure: `0.84 of the bare hash`. */
  readonly beside?: string;
  readonly goal?: Goal;
};

/** What was aimed at and whether it was reached. */
export type Goal = { readonly text: string; readonly met: boolean };

/** A goal of at least `least` times something. */
export function atLeast(value: number, least: number): Goal {
  return { text: `at least ${least}`, met: value >= least };
}

/** A goal of less than `most` of a unit. */
export function below(value: number, most: number, unit: string): Goal {
  return { text: `below ${most} ${unit}`, met: value < most };
}

/** A goal of at most `most` times something. */
export function atMost(value: number, most: number): Goal {
  return { text: `at most ${most}`, met: value <= most };
}
