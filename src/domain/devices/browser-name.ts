// A browser in words, from what it says about itself. Good enough to know one's own again; never to decide by.

/** Browser and system, each undefined where it is none that we know. */
export type BrowserName = { readonly browser: string | undefined; readonly system: string | undefined };

const UNKNOWN: BrowserName = { browser: undefined, system: undefined };
/** Longer than any browser's; what is behind it says nothing. */
const LONGEST = 300;

/** As people call them, where the library is more exact than they are. */
const SHORTER: Readonly<Record<string, string>> = {
  'Microsoft Edge': 'Edge',
  'Samsung Internet for Android': 'Samsung Internet',
  'Chrome OS': 'ChromeOS',
};

/**
 * What a User-Agent says. Only names out of the library's own lists come back, so nothing of what a visitor sent is ever
 * shown or put into a letter. The library is loaded when it is first needed.
 */
export async function browserName(userAgent: string): Promise<BrowserName> {
  if (userAgent === '') return UNKNOWN;
  if (userAgent.startsWith('curl/')) return { browser: 'curl', system: undefined };
  const { default: bowser } = await import('bowser');
  const { browser, os, platform } = bowser.parse(userAgent.slice(0, LONGEST));
  const system = os.name === 'iOS' ? (applesName(platform.model) ?? os.name) : os.name;
  const known = { browsers: Object.values(bowser.BROWSER_MAP), systems: [...Object.values(bowser.OS_MAP), ...APPLES] };
  return { browser: oneOf(known.browsers, browser.name), system: oneOf(known.systems, system) };
}

const APPLES = ['iPhone', 'iPad'];

function applesName(model: string | undefined): string | undefined {
  return APPLES.find((one) => one === model);
}

function oneOf(known: readonly string[], name: string | undefined): string | undefined {
  if (name === undefined || !known.includes(name)) return undefined;
  return SHORTER[name] ?? name;
}
