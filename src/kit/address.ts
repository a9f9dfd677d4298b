// Internet addresses and ranges: reading, comparing, and the network that limits count by.

import ipaddr from 'ipaddr.js';

type Parsed = ipaddr.IPv4 | ipaddr.IPv6;

/** An address in its plain form (IPv4 out of its IPv6 wrapping, no zone), or undefined when it is none. */
export function plainAddress(text: string): string | undefined {
  const bare = text.replace(/%.*$/, '');
  return strictlyValid(bare) ? ipaddr.process(bare).toString() : undefined;
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
  if (!/^[0-9a-f.:]+\/\d{1,3}$/i.test(clean) || !ipaddr.isValidCIDR(clean)) return undefined;
  const [address, bits] = ipaddr.parseCIDR(clean);
  return `${networkOf(address, bits)}/${bits}`;
}

/** Whether an address lies in a range. Both as `plainAddress` and `plainRange` give them; anything else is outside. */
export function isWithin(address: string, range: string): boolean {
  if (!strictlyValid(address)) return false;
  const one = ipaddr.process(address);
  if (!range.includes('/')) return plainAddress(range) === one.toString();
  if (!ipaddr.isValidCIDR(range)) return false;
  const [network, bits] = ipaddr.parseCIDR(range);
  return network.kind() === one.kind() && sameNetwork(one, network, bits);
}

/** The network whose members count together in limits: the /24 of IPv4, the /64 of IPv6. Unreadable text is its own. */
export function networkName(address: string): string {
  if (!strictlyValid(address)) return address.slice(0, 60);
  const one = ipaddr.process(address);
  const bits = one.kind() === 'ipv4' ? 24 : 64;
  return `${networkOf(one, bits)}/${bits}`;
}

/** Whether this is an address of the machine itself. */
export function isLoopback(address: string): boolean {
  return strictlyValid(address) && ipaddr.process(address).range() === 'loopback';
}

function strictlyValid(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text));
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
