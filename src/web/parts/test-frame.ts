// A frame for the tests of the parts: English, and a clock that stands still.

import { type Html, htmlText } from '#kit/html.ts';
import { translator } from '#src/locales/words.ts';
import type { Frame } from './frame.ts';

/** A visit of nobody to `/`, changed by what the test is about. */
export function testFrame(changes: Partial<Frame> = {}): Frame {
  return {
    t: translator('en'),
    language: 'en',
    direction: 'ltr',
    brand: { name: 'Northwind' },
    path: '/',
    csrf: 'proof-of-form',
    formatDate: (at) => new Date(at).toISOString().slice(0, 10),
    formatDateTime: (at) => new Date(at).toISOString(),
    formatNumber: (n) => n.toLocaleString('en'),
    formatMoney: (minor, currency) => `${currency} ${(minor / 100).toFixed(2)}`,
    now: Date.UTC(2026, 10, 22, 12),
    ...changes,
  };
}

/** A person in an account, who may do what `permissions` name. */
export function memberFrame(permissions: readonly string[], changes: Partial<Frame> = {}): Frame {
  const account = { id: 7, name: 'Ada', company: 'Engines', role: 'member' } as const;
  return testFrame({
    user: { id: 3, name: 'Ben Ode', email: 'ben@example.com' },
    account: { ...account, may: (permission) => permissions.includes(permission) },
    accounts: [account],
    path: '/account/7',
    ...changes,
  });
}

/** A member of staff who may do what `permissions` name. */
export function staffFrame(permissions: readonly string[], changes: Partial<Frame> = {}): Frame {
  const may = (permission: string) => permissions.includes(permission);
  return testFrame({ administrator: { id: 1, name: 'Root', role: 'Support', may }, path: '/admin', ...changes });
}

/** What the links of a drawing point to, in order. */
export function linksOf(piece: Html): string[] {
  return [...htmlText(piece).matchAll(/<a\b[^>]*\bhref="([^"]*)"/g)].map(([, href = '']) => href);
}
