// The pages that were found: each with its address, its room, and who may enter.

import { isAccessPermission } from '#domain/access/permissions.ts';
import { isPermission } from '#domain/administrators/permissions.ts';
import type { Found } from '#kit/discover.ts';
import type { Page, Who } from '#web/page.ts';

/** Which room a page is in; its refusals are drawn there too. */
export type Room = 'entrance' | 'client' | 'admin';

// biome-ignore lint/suspicious/noExplicitAny: pages of every kind of visitor stand in one list; each is called after its own check
type AnyPage = Page<any>;

/** A page found: its address, its room, what it is. */
export type FoundPage = {
  readonly address: string;
  readonly room: Room;
  readonly page: AnyPage;
  readonly file: string;
};

/** The pages of a room from the files found. A file that is no page, or does not say who may enter, stops the start. */
export function pagesOf(room: Room, found: readonly Found[]): FoundPage[] {
  return found.map(({ path, module }) => {
    const declared = module.default as AnyPage | undefined; // checked on the next line
    if (!declared?.who?.is) throw new Error(`src/web/${room}/${path} does not say who may enter`);
    const address = addressOf(room, path);
    const fault = whoFault(room, address, declared.who);
    if (fault) throw new Error(`src/web/${room}/${path} ${fault}`);
    return { address, room, page: declared, file: `src/web/${room}/${path}` };
  });
}

/** What is wrong with a page's say about who may enter; checked at the start, since a word that nobody checks lets everybody in. */
function whoFault(room: Room, address: string, who: Who): string | undefined {
  switch (who.is) {
    case 'anyone':
      return room === 'entrance' ? undefined : 'lets strangers in: they enter by web/entrance only';
    case 'user':
      return room === 'client' ? undefined : 'asks for a customer: their pages are in web/client';
    case 'account':
      if (room !== 'client') return 'asks for a customer: their pages are in web/client';
      if (!address.split('/').includes(':client')) return 'asks for an account but has no [client]';
      return ['any', 'owner', 'inviter'].includes(who.permission) || isAccessPermission(who.permission)
        ? undefined
        : `asks for a permission that there is not: ${who.permission}`;
    case 'staff':
      if (room !== 'admin') return 'asks for staff: their pages are in web/admin';
      return [who.permission, who.also ?? 'any'].every((one) => one === 'any' || isPermission(one))
        ? undefined
        : `asks for a permission that there is not: ${who.permission}, ${who.also}`;
  }
  return 'does not say who may enter by a word that is known'; // reached only past the types
}

function addressOf(room: Room, path: string): string {
  const parts = path
    .replace(/\.ts$/, '')
    .split('/')
    .filter((part, at, all) => !(part === 'home' && at === all.length - 1));
  const address = parts.map((part) => part.replace(/^\[(\w+)\]$/, ':$1')).join('/');
  return `/${[room === 'admin' ? 'admin' : '', address].filter((part) => part !== '').join('/')}`;
}
