// The switches of a client that staff turn with one press (behaviours.md 1.3). Each is named for what is so while it is on;
// how it is stored, often as the opposite, stays here.

import type { Client, ClientSwitches } from '#domain/clients/clients.ts';
import type { Key } from '#src/locales/words.ts';

/** The switches, in the order they are shown. */
export const CLIENT_SWITCHES = ['tax-exempt', 'auto-charge', 'overdue-notices', 'late-fees', 'single-sign-on'] as const;
/** The name of a switch. */
export type ClientSwitch = (typeof CLIENT_SWITCHES)[number];

/** Whether a text names a switch. */
export function isClientSwitch(name: string): name is ClientSwitch {
  return (CLIENT_SWITCHES as readonly string[]).includes(name);
}

/** Whether a switch is on. */
export function isOn(client: Client, name: ClientSwitch): boolean {
  switch (name) {
    case 'tax-exempt':
      return client.taxExempt;
    case 'auto-charge':
      return !client.disableAutoCc;
    case 'overdue-notices':
      return !client.overrideDueNotices;
    case 'late-fees':
      return !client.lateFeeOverride;
    case 'single-sign-on':
      return client.allowSso;
  }
}

/** The change that turns a switch. */
export function turned(name: ClientSwitch, on: boolean): Partial<ClientSwitches> {
  switch (name) {
    case 'tax-exempt':
      return { taxExempt: on };
    case 'auto-charge':
      return { disableAutoCc: !on };
    case 'overdue-notices':
      return { overrideDueNotices: !on };
    case 'late-fees':
      return { lateFeeOverride: !on };
    case 'single-sign-on':
      return { allowSso: on };
  }
}

/** The word for a switch. */
export function switchWord(name: ClientSwitch): Key {
  return `admin.client.switch.${name}`;
}

/** The sentence that says what a switch does. */
export function switchHelp(name: ClientSwitch): Key {
  return `admin.client.switch.${name}.help`;
}
