// Internet addresses and ranges: reading, comparing, and the network that limits count by.

import ipaddr from 'ipaddr.js';

type Parsed = ipaddr.IPv4 | ipaddr.IPv6;

/** An address in its plain form (IPv4 out of its IPv6 wrapping, no zone), or undefined when it is none. */
export function plainAddress(text: string): string | undefined {
  return parsed(text.includes(':') ? text.replace(/%[\w.-]+$/, '') : text)?.plain;
}

/**
 * A range in its plain form: one address, CIDR of both families, or WHMCS's `1.2.3.*` and `1.2.*.*`
 * (behaviours.md, section 15, number 26). Undefined when it is none of these.
 */
export function plainRange(text: string): string | undefined {
  const clean = text.trim();
  const star = /^(\d{1,3}\.\d{1,3}\.)(\d{1,3}|\*)\.\*$/.exec(clean);
  if (star) return plainRange(star[2] === '*' ? `${star[1]}0.0/16` : `${star[1]}${star[2]}.0/24`);
  const single = plainAddress(clean);
  if (single) return single;
  const range = readRange(clean);
  if (!range) return undefined;
  const network = networkOf(range.address, range.bits);
  return range.bits === widthOf(range.address) ? network : `${network}/${range.bits}`;
}

/** Whether an address lies in a range. Both as `plainAddress` and `plainRange` give them; anything else is outside. */
export function isWithin(address: string, range: string): boolean {
  const one = parsed(address);
  if (!one) return false;
  if (!range.includes('/')) return plainAddress(range) === one.plain;
  const network = readRange(range);
  return network?.address.kind() === one.address.kind() && sameNetwork(one.address, network.address, network.bits);
}

/** Finds what belongs to the ranges that hold an address. */
export type RangeIndex<Value> = { holding(address: string): Value[] };

/**
 * Makes an index of ranges as `plainRange` gives them; anything else holds nothing. A look takes as long for ten thousand
 * ranges as for ten: one step for each length of network among them.
 */
export function rangeIndex<Value>(entries: readonly (readonly [range: string, value: Value])[]): RangeIndex<Value> {
  const byNetwork = new Map<string, Value[]>();
  const lengths = { ipv4: new Set<number>(), ipv6: new Set<number>() };
  for (const [text, value] of entries) {
    const range = readRange(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
    if (!range) continue;
    const name = `${networkOf(range.address, range.bits)}/${range.bits}`;
    lengths[range.address.kind()].add(range.bits);
    byNetwork.set(name, [...(byNetwork.get(name) ?? []), value]);
  }
  return {
    holding(address) {
      if (byNetwork.size === 0) return [];
      const one = parsed(address)?.address;
      if (!one) return [];
      return [...lengths[one.kind()]].flatMap((bits) => byNetwork.get(`${networkOf(one, bits)}/${bits}`) ?? []);
    },
  };
}

/** The network whose members count together in limits: the /24 of IPv4, the /64 of IPv6. Unreadable text is its own. */
export function networkName(address: string): string {
  const one = parsed(address)?.address;
  if (!one) return address.slice(0, 60);
  const bits = one.kind() === 'ipv4' ? 24 : 64;
  return `${networkOf(one, bits)}/${bits}`;
}

/**
 * Whether everybody on the internet means the same machine by this address: no private, local, shared, mapped or reserved
 * one (RFC 6890). Text that is no address is not public.
 */
export function isPublicAddress(address: string): boolean {
  const one = parsed(address)?.address;
  // Of IPv6 only 2000::/3 was ever given out: `::7f00:1`, by which some systems mean 127.0.0.1, has no range of its own.
  return one?.range() === 'unicast' && (one.kind() === 'ipv4' || ((one.toByteArray()[0] ?? 0) & 0xe0) === 0x20);
}

/** Whether this is an address of the machine itself. */
export function isLoopback(address: string): boolean {
  return parsed(address)?.address.range() === 'loopback';
}

type Read = { readonly address: Parsed; readonly plain: string };

const MOST_REMEMBERED = 1000;
const remembered = new Map<string, Read>();

/**
 * An address without its IPv6 wrapping, or undefined when the text is none. The last few are remembered: each request asks
 * several times for the one that it came from.
 */
function parsed(text: string): Read | undefined {
  const known = remembered.get(text);
  if (known) return known;
  if (!strictlyValid(text)) return undefined;
  const address = ipaddr.process(text);
  const read = { address, plain: address.toString() };
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(text, read);
  return read;
}

function strictlyValid(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text));
}

/**
 * A range in CIDR, as strictly as a single address is read: `010.0.0.0/8` and `10.1/16` mean something else to some programs
 * than they look like. One of IPv4 in IPv6's wrapping is unwrapped like the addresses it is compared with.
 */
function readRange(text: string): { address: Parsed; bits: number } | undefined {
  const [, start = '', length = ''] = /^([0-9a-f.:]+)\/(0|[1-9]\d{0,2})$/i.exec(text) ?? [];
  if (!strictlyValid(start)) return undefined;
  const given = ipaddr.parse(start);
  const address = ipaddr.process(start);
  const bits = Number(length) - (widthOf(given) - widthOf(address));
  return bits >= 0 && bits <= widthOf(address) ? { address, bits } : undefined;
}

function widthOf(address: Parsed): number {
  return address.kind() === 'ipv4' ? 32 : 128;
}

function networkOf(address: Parsed, bits: number): string {
  const bytes = address.toByteArray().map((byte, at) => byte & maskByte(bits - at * 8));
  return ipaddr.fromByteArray(bytes).toString();
}

function maskByte(bits: number): number {
  if (bits >= 8) return 0xff;
  return bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff;
}

function sameNetwork(a: Parsed, b: Parsed, bits: number): boolean {
  return networkOf(a, bits) === networkOf(b, bits);
}
