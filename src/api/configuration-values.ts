// WHMCS's names of settings, as far as programs may read them here: a fixed list without secrets, and nothing about who
// may enter. GetConfigurationValue reads them; SetConfigurationValue, which is for this process alone, changes those that
// are settings of ours.

import { COMPATIBILITY } from '#api/compatibility.ts';
import { mailFromAddress, mailFromName, mailSignature } from '#domain/mail/mail.settings.ts';
import {
  companyName,
  defaultCountry,
  defaultLanguage,
  maintenance,
  publicUrl,
  supportAddress,
} from '#domain/settings/general.settings.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Context } from '#src/context.ts';

/** A value of the list. `setting`: the name of our setting, where it is one that may be changed. */
export type ConfigurationValue = {
  readonly name: string;
  readonly setting?: string;
  readonly read: (ctx: Context) => Promise<string>;
};

const VALUES: readonly ConfigurationValue[] = [
  { name: 'SystemURL', setting: publicUrl.name, read: async (ctx) => `${await publicOrigin(ctx)}/` },
  { name: 'CompanyName', setting: companyName.name, read: (ctx) => settingOf(ctx, companyName) },
  { name: 'Email', setting: supportAddress.name, read: (ctx) => settingOf(ctx, supportAddress) },
  { name: 'SystemEmailsFromEmail', setting: mailFromAddress.name, read: (ctx) => settingOf(ctx, mailFromAddress) },
  { name: 'SystemEmailsFromName', setting: mailFromName.name, read: (ctx) => settingOf(ctx, mailFromName) },
  { name: 'Signature', setting: mailSignature.name, read: (ctx) => settingOf(ctx, mailSignature) },
  {
    name: 'MaintenanceMode',
    setting: maintenance.name,
    read: async (ctx) => ((await settingOf(ctx, maintenance)) ? 'on' : ''),
  },
  { name: 'Language', setting: defaultLanguage.name, read: (ctx) => settingOf(ctx, defaultLanguage) },
  { name: 'Charset', read: async () => 'utf-8' },
  { name: 'DateFormat', read: async () => 'YYYY-MM-DD' },
  { name: 'DefaultCountry', setting: defaultCountry.name, read: (ctx) => settingOf(ctx, defaultCountry) },
  { name: 'Version', read: async () => COMPATIBILITY.canonicalversion },
];

/** The value of a name, in whatever case it is written; undefined when it is not on the list. */
export function findConfigurationValue(name: string): ConfigurationValue | undefined {
  const wanted = name.trim().toLowerCase();
  return VALUES.find((one) => one.name.toLowerCase() === wanted);
}

/** The names on the list. */
export const CONFIGURATION_NAMES: readonly string[] = VALUES.map((one) => one.name);
