// The domain of an e-mail address in the one form in which domains are compared.

import { domainToASCII } from 'node:url';
import { comparable } from '#kit/text.ts';

/** A domain as it is compared: lower case, without a dot or an @ in front, in the letters of the DNS. Undefined when it is none. */
export function mailDomain(text: string): string | undefined {
  const plain = comparable(text)
    .replace(/^@?(?:\*\.|\.)?/, '')
    .replace(/\.$/, '');
  const domain = domainToASCII(plain);
  const isDomain = domain.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(domain);
  return isDomain && !/^[\d.]+$/.test(domain) ? domain : undefined;
}

/** A domain and every domain it lies below, itself first; the last with one dot. */
export function domainAndAbove(domain: string): string[] {
  const labels = domain.split('.');
  return labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'));
}

/** An address as it is compared with those that are refused. Undefined when it is none. */
export function mailAddressParts(address: string): { local: string; domain: string } | undefined {
  const plain = comparable(address);
  const at = plain.lastIndexOf('@');
  const domain = at < 1 ? undefined : mailDomain(plain.slice(at + 1));
  return domain === undefined ? undefined : { local: plain.slice(0, at), domain };
}
