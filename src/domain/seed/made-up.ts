// One made-up person, one made-up account, one made-up membership: what each is follows from the seed and a number alone.

import type { AccessPermission } from '#domain/access/permissions.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import type { ClientStatus } from '#domain/clients/clients.ts';
import type { Chance } from '#domain/seed/chance.ts';
import { chanceOf } from '#domain/seed/chance.ts';
import { LONG_NAMES, REGIONS, VENTURES } from '#domain/seed/names.ts';
import { days, hours } from '#kit/duration.ts';

/** Every made-up address ends so: `.test` leads nowhere (RFC 6761). */
export const MADE_UP_DOMAIN = '.example.test';

/** A person. */
export type MadeUpPerson = {
  readonly uuid: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly createdAt: number;
  readonly lastLoginAt: number | undefined;
  readonly verified: boolean;
  readonly region: ReadRegion;
};

/** An account. */
export type MadeUpAccount = {
  readonly uuid: string;
  readonly profile: ClientProfile;
  readonly status: ClientStatus;
  readonly createdAt: number;
  readonly closedAt: number | undefined;
  readonly marketingOptIn: boolean;
};

const YEARS_BACK = days(3 * 365);
const regions = REGIONS.map((region) => ({
  ...region,
  firsts: region.first.split('|'),
  lasts: region.last.split('|'),
  places: region.towns.split('|').map((town) => town.split(', ')),
  ways: region.streets.split('|'),
  endings: region.companies.split('|'),
}));
type ReadRegion = (typeof regions)[number];
const ventures = VENTURES.split('|');

/** The person of a number, as they would be at `now`. */
export function madeUpPerson(seed: string, number: number, now: number): MadeUpPerson {
  const chance = chanceOf(seed, 'person', number);
  const region = chance.early(regions);
  const [firstName, lastName] = chance.happens(0.01) ? chance.any(LONG_NAMES) : nameIn(region, chance);
  const createdAt = now - hours(1) - chance.number(YEARS_BACK);
  return {
    uuid: uuidOf(chance, number),
    firstName,
    lastName,
    email: `${local(firstName, lastName)}${number}@${chance.early(['mail', 'post', 'web', 'office', 'home'])}${MADE_UP_DOMAIN}`,
    createdAt,
    lastLoginAt: chance.happens(0.7) ? createdAt + chance.number(now - createdAt) : undefined,
    verified: chance.happens(0.8),
    region,
  };
}

/** The account of a number; `owner` is who owns it. */
export function madeUpAccount(seed: string, number: number, now: number, owner: MadeUpPerson): MadeUpAccount {
  const chance = chanceOf(seed, 'account', number);
  const [city = '', state = '', postcode = ''] = chance.early(owner.region.places);
  const way = chance.any(owner.region.ways);
  const house = 1 + chance.number(180);
  const status = chance.happens(0.85) ? 'Active' : chance.happens(0.65) ? 'Inactive' : 'Closed';
  const createdAt = owner.createdAt + chance.number(now - owner.createdAt);
  return {
    uuid: uuidOf(chance, number),
    profile: {
      firstName: owner.firstName,
      lastName: owner.lastName,
      companyName: chance.happens(0.45) ? companyOf(owner, chance) : '',
      email: owner.email,
      address1: owner.region.numberFirst ? `${house} ${way}` : `${way} ${house}`,
      address2: chance.happens(0.1) ? `${1 + chance.number(9)}/${1 + chance.number(40)}` : '',
      city,
      state,
      postcode,
      country: owner.region.country,
      phoneNumber: owner.region.phone.replace(/#/g, () => String(chance.number(10))),
      taxId: chance.happens(0.2) ? `${owner.region.country}${100_000_000 + chance.number(899_999_999)}` : '',
    },
    status,
    createdAt,
    closedAt: status === 'Closed' ? createdAt + chance.number(now - createdAt) : undefined,
    marketingOptIn: chance.happens(0.3),
  };
}

/** What somebody may do on an account that is not theirs. */
export function madeUpPermissions(chance: Chance): AccessPermission[] {
  const chosen = ACCESS_PERMISSIONS.filter(() => chance.happens(0.35));
  return chosen.length > 0 ? chosen : ['invoices'];
}

function nameIn(region: ReadRegion, chance: Chance): readonly [string, string] {
  const first = chance.early(region.firsts);
  const last = chance.early(region.lasts);
  const double = chance.happens(0.08) && !last.includes(' ');
  return [first, double ? `${last}-${chance.any(region.lasts)}` : last];
}

function companyOf(owner: MadeUpPerson, chance: Chance): string {
  const start = chance.happens(0.5) ? owner.lastName : `${chance.any(ventures)} ${1 + chance.number(99)}`;
  return `${start} ${chance.any(owner.region.endings)}`;
}

/** The part before the @: the Latin letters of the name, or none where it has none. */
function local(firstName: string, lastName: string): string {
  const plain = `${firstName}.${lastName}`
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z.]/g, '')
    .replace(/^\.+|\.+$/g, '')
    .slice(0, 40);
  return plain === '' ? 'person' : `${plain}.`;
}

/** In the shape of version 4 and repeatable. The number is part of it, so that no two are alike however chance falls. */
function uuidOf(chance: Chance, number: number): string {
  const hex = (signs: number): string =>
    chance
      .number(16 ** signs)
      .toString(16)
      .padStart(signs, '0');
  const variant = (8 + chance.number(4)).toString(16);
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${number.toString(16).padStart(12, '0')}`;
}
