// The only reader of the environment: every name of the contract, with its default; all faults reported together.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { publicUrlOf } from '#kit/public-url.ts';

/** What the operator decided outside of the database. */
export type Config = {
  readonly dataFolder: string;
  /** Where the operator's own code lies (topic modules). */
  readonly modulesFolder: string;
  /** `postgres://…`, or undefined for the embedded database in the data folder. */
  readonly databaseUrl: string | undefined;
  /** The public address without a slash at its end, or undefined to use the setting. */
  readonly publicUrl: string | undefined;
  readonly host: string;
  readonly port: number;
  /** The key that seals secrets at rest, or undefined to use the one in the data folder. */
  readonly secretKey: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly apiAccessKey: string | undefined;
  readonly autoAuthKey: string | undefined;
  readonly metricsToken: string | undefined;
  readonly log: 'pretty' | 'json';
  readonly logLevel: string;
};

/** Names that are wrong, each with what is expected; thrown as one. */
export class ConfigFault extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigFault';
    this.faults = faults;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the configuration. `NAME_FILE` names a file that holds the value of `NAME`. Throws ConfigFault. */
export function readConfig(environment: Environment = process.env): Config {
  const faults: string[] = [];
  const text = (name: string): string | undefined => given(environment, name, faults);
  const fault = (name: string, expected: string): undefined => {
    faults.push(`${name}: ${expected}`);
    return undefined;
  };

  const dataFolder = resolve(text('DOORWARD_DATA') ?? 'data');
  const config: Config = {
    dataFolder,
    modulesFolder: resolve(text('DOORWARD_MODULES') ?? join(dataFolder, 'modules')),
    databaseUrl: checked(text('DOORWARD_DATABASE_URL'), (value) =>
      /^postgres(ql)?:\/\//.test(value) ? value : fault('DOORWARD_DATABASE_URL', 'must start with postgres://'),
    ),
    publicUrl: checked(text('DOORWARD_URL'), (value) => publicUrlOf(value) ?? fault('DOORWARD_URL', PUBLIC_URL_RULE)),
    host: text('HOST') ?? '127.0.0.1',
    port:
      checked(text('PORT'), (value) =>
        /^\d{1,5}$/.test(value) && Number(value) < 65_536
          ? Number(value)
          : fault('PORT', 'must be a number from 0 to 65535'),
      ) ?? 8080,
    secretKey: checked(text('DOORWARD_SECRET_KEY'), (value) =>
      Buffer.from(value, 'base64url').length >= 32
        ? value
        : fault(
            'DOORWARD_SECRET_KEY',
            'must be 32 bytes or more in base64url, such as `openssl rand -base64 32` prints',
          ),
    ),
    smtpUrl: checked(text('DOORWARD_SMTP_URL'), (value) =>
      /^smtps?:\/\/[^/]+/.test(value) ? value : fault('DOORWARD_SMTP_URL', 'must look like smtp://user:pass@host:port'),
    ),
    trustedProxies: listOf(text('DOORWARD_TRUSTED_PROXIES')).filter(
      (range) =>
        ipaddr.isValid(range) ||
        ipaddr.isValidCIDR(range) ||
        fault('DOORWARD_TRUSTED_PROXIES', `"${range}" is not an address or a range such as 10.0.0.0/8`),
    ),
    apiAccessKey: checked(text('DOORWARD_API_ACCESS_KEY'), (value) =>
      /^[A-Za-z0-9!@#$%.()*[\]\-_]+$/.test(value)
        ? value
        : fault('DOORWARD_API_ACCESS_KEY', 'may hold letters, digits and ! @ # $ % . ( ) * [ ] - _'),
    ),
    autoAuthKey: text('DOORWARD_AUTOAUTH_KEY'),
    metricsToken: text('DOORWARD_METRICS_TOKEN'),
    log:
      checked(text('DOORWARD_LOG'), (value) =>
        value === 'pretty' || value === 'json' ? value : fault('DOORWARD_LOG', 'must be pretty or json'),
      ) ?? (process.stderr.isTTY ? 'pretty' : 'json'),
    logLevel:
      checked(text('DOORWARD_LOG_LEVEL'), (value) =>
        ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].includes(value)
          ? value
          : fault('DOORWARD_LOG_LEVEL', 'must be fatal, error, warn, info, debug, trace or silent'),
      ) ?? 'info',
  };
  if (faults.length > 0) throw new ConfigFault(faults);
  return config;
}

/** The file of the embedded database. */
export function databaseFile(config: Config): string {
  return join(config.dataFolder, 'doorward.db');
}

const PUBLIC_URL_RULE = 'must be http:// or https:// and a host without a path, such as https://my.example.com';

function given(environment: Environment, name: string, faults: string[]): string | undefined {
  const direct = environment[name];
  if (direct !== undefined && direct !== '') return direct;
  const file = environment[`${name}_FILE`];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    faults.push(`${name}_FILE: the file ${file} cannot be read`);
    return undefined;
  }
}

function checked<T>(value: string | undefined, check: (value: string) => T | undefined): T | undefined {
  return value === undefined ? undefined : check(value);
}

function listOf(value: string | undefined): string[] {
  return (value ?? '').split(/[\s,]+/).filter((part) => part !== '');
}
