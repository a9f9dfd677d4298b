// Chance that can be repeated: the same seed gives the same people on every machine. Nothing secret may come from it.

/** A source of numbers. */
export type Chance = {
  /** A whole number from 0 to `below` - 1. */
  number(below: number): number;
  /** True in `share` of the cases. */
  happens(share: number): boolean;
  /** One of a list, those at its start more often. */
  early<T>(list: readonly T[]): T;
  /** One of a list. */
  any<T>(list: readonly T[]): T;
};

/** The chance of one thing: its own for each seed, kind and number, so that nothing depends on the order of making. */
export function chanceOf(seed: string, kind: string, number: number): Chance {
  let state = hashOf(`${seed}\n${kind}\n${number}`);
  // splitmix32: a few operations, and neighbours have nothing in common.
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
  };
  const at = <T>(list: readonly T[], place: number): T => {
    const one = list[Math.floor(place * list.length)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  };
  return {
    number: (below) => Math.floor(next() * below),
    happens: (share) => next() < share,
    early: (list) => at(list, next() ** 2),
    any: (list) => at(list, next()),
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
