// A stand-in for the captcha services, by their published protocols: the script that a page names, the element that it looks
// for, the frame that it opens, the field that it fills in, and `siteverify`, which takes a secret and a token by POST. It
// answers on this machine: a browser's and this process's connections to the real hosts end here. Everything above them, the
// page, its content security policy, our script and our question, is what runs in production; nothing there knows of this.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext } from 'playwright-core';

/** A service, by the name of its setting. */
export type CaptchaService = 'turnstile' | 'hcaptcha' | 'recaptcha' | 'recaptcha-v3';

/** How the site is known at every service. */
export const SITE_KEY = 'key-of-this-site';
export const SITE_SECRET = 'secret-of-this-site';

/** What reached a service: from the browser, or (`siteverify`) from the server. */
export type CaptchaRequest = {
  readonly method: string;
  readonly url: string;
  readonly fields: URLSearchParams;
  readonly type: string;
};

type Token = { readonly host: string; readonly action: string; isSpent: boolean; readonly isExpired: boolean };

/** Hosts that belong to a service. */
const HOSTS = /^https:\/\/(challenges\.cloudflare\.com|([\w-]+\.)?hcaptcha\.com|www\.google\.com|www\.gstatic\.com)\//;

/** The stand-in. Start one for a file, and stop it in the end. */
export class CaptchaStandIn {
  /** Every request that arrived, in order. What a content security policy refuses never arrives. */
  readonly asked: CaptchaRequest[] = [];
  /** Whether browsers reach the services at all. */
  isUp = true;
  /** Tokens are too old as soon as they are there, as they are after some minutes. */
  givesOldTokens = false;
  readonly #server: Server;
  readonly #tokens = new Map<string, Token>();
  readonly #fetch = globalThis.fetch;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<CaptchaStandIn> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const standIn = new CaptchaStandIn(server);
    server.on('request', (request, response) => void standIn.#answer(request, response));
    globalThis.fetch = (to, options) => standIn.#fetch(standIn.#here(String(to)), options);
    return standIn;
  }

  async stop(): Promise<void> {
    globalThis.fetch = this.#fetch;
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /** Lets a browser's connections to the services end here. Whatever else is not `origin` goes nowhere; answers the list of it. */
  async standFor(context: BrowserContext, origin: string): Promise<string[]> {
    const strays: string[] = [];
    await context.route(
      (url) => url.origin !== origin,
      async (route) => {
        const url = route.request().url();
        if (!HOSTS.test(url)) strays.push(url);
        if (!HOSTS.test(url) || !this.isUp) return route.abort('connectionrefused');
        const [method, body] = [route.request().method(), route.request().postData()];
        const answer = await this.#fetch(this.#here(url), { method, ...(body === null ? {} : { body }) });
        return route.fulfill({
          status: answer.status,
          headers: Object.fromEntries(answer.headers),
          body: await answer.text(),
        });
      },
    );
    return strays;
  }

  /** What the server asked, newest last. */
  get verified(): CaptchaRequest[] {
    return this.asked.filter(({ url }) => url.includes('siteverify'));
  }

  #here(url: string): string {
    const { port } = this.#server.address() as AddressInfo; // it listens on a port
    return url.startsWith('https://') ? `http://127.0.0.1:${port}/${url.slice('https://'.length)}` : url;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const url = new URL(`https:/${request.url}`);
    const body = Buffer.concat(parts).toString('utf8');
    const type = request.headers['content-type'] ?? '';
    this.asked.push({ method: request.method ?? '', url: url.href, fields: new URLSearchParams(body), type });
    const page = this.#page(url, new URLSearchParams(body));
    if (!page) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': page.type, 'access-control-allow-origin': '*' }).end(page.text);
  }

  #page(url: URL, fields: URLSearchParams): { readonly type: string; readonly text: string } | undefined {
    const script = (text: string) => ({ type: 'text/javascript', text });
    const json = (value: unknown) => ({ type: 'application/json', text: JSON.stringify(value) });
    switch (`${url.host}${url.pathname}`) {
      case 'challenges.cloudflare.com/turnstile/v0/api.js':
        return script(TURNSTILE);
      case 'js.hcaptcha.com/1/api.js':
        return script(HCAPTCHA);
      case 'newassets.hcaptcha.com/c/widget.css':
        return { type: 'text/css', text: '.h-captcha iframe { border: 0 }' };
      case 'hcaptcha.com/checksiteconfig':
        return json({ pass: true });
      case 'www.google.com/recaptcha/api.js':
        return script(recaptchaLoader(url.searchParams.get('render') ?? 'onload'));
      case 'www.gstatic.com/recaptcha/releases/1/recaptcha__en.js':
        return script(RECAPTCHA);
      case 'challenges.cloudflare.com/cdn-cgi/challenge-platform/widget':
      case 'newassets.hcaptcha.com/captcha/v1/hcaptcha.html':
      case 'www.google.com/recaptcha/api2/anchor':
      case 'www.google.com/recaptcha/api2/bframe':
        return { type: 'text/html', text: WIDGET };
      case 'www.google.com/recaptcha/api2/clr':
        return json({});
      case 'challenges.cloudflare.com/cdn-cgi/challenge-platform/token':
      case 'newassets.hcaptcha.com/captcha/v1/token':
      case 'www.google.com/recaptcha/api2/token':
        return json({ token: this.#token(url.searchParams) });
      case 'challenges.cloudflare.com/turnstile/v0/siteverify':
      case 'api.hcaptcha.com/siteverify':
      case 'www.google.com/recaptcha/api/siteverify':
        return json(this.#verify(url, fields));
      default:
        return undefined;
    }
  }

  #token(asked: URLSearchParams): string {
    const token = `token-${this.#tokens.size + 1}-${'x'.repeat(200)}`;
    if (asked.get('sitekey') !== SITE_KEY) return 'of-another-site';
    this.#tokens.set(token, {
      host: asked.get('host') ?? '',
      action: asked.get('action') ?? '',
      isSpent: false,
      isExpired: this.givesOldTokens,
    });
    return token;
  }

  #verify(url: URL, fields: URLSearchParams): Record<string, unknown> {
    const fault = (code: string) => ({ success: false, 'error-codes': [code] });
    if (fields.get('secret') !== SITE_SECRET) return fault('invalid-input-secret');
    const token = this.#tokens.get(fields.get('response') ?? '');
    if (!token) return fault('invalid-input-response');
    if (token.isSpent || token.isExpired) return fault('timeout-or-duplicate');
    token.isSpent = true;
    const said = { success: true, challenge_ts: new Date().toISOString(), hostname: token.host };
    if (url.host === 'api.hcaptcha.com') return said;
    return url.host === 'www.google.com' && token.action === ''
      ? said
      : { ...said, action: token.action, score: 0.9, 'error-codes': [] };
  }
}

/** What every widget's frame is here: a box to tick. It tells the page that framed it, and nobody else. */
const WIDGET = `<!doctype html><html lang="en"><title>Widget</title>
<label><input type="checkbox"> I am a person</label>
<script>
const asked = new URLSearchParams(location.search);
const tell = async () => {
  const { token } = await (await fetch('token?' + asked)).json();
  parent.postMessage({ of: 'stand-in', id: asked.get('id'), token }, asked.get('origin'));
};
document.querySelector('input').addEventListener('change', tell);
if (asked.has('silent')) tell();
</script></html>`;

/** What the scripts share: a frame in an element, and what it says once the box was ticked. */
const FRAMES = `
const frames = new Map();
const open = (place, address, more, then) => {
  const frame = document.createElement('iframe');
  const id = String(frames.size + 1);
  const query = new URLSearchParams({ ...more, id, origin: location.origin, host: location.hostname });
  frame.src = address + '?' + query;
  frame.title = 'Widget';
  frame.width = '304'; // as wide as theirs, which know no narrower
  frame.height = '78';
  frame.style.border = '0';
  frames.set(id, { origin: new URL(address).origin, then });
  place.append(frame);
};
addEventListener('message', ({ data, origin }) => {
  const found = data?.of === 'stand-in' ? frames.get(data.id) : undefined;
  if (found?.origin === origin) found.then(data.token);
});
const rendered = (selector, draw) => {
  const run = () => document.querySelectorAll(selector).forEach(draw);
  if (document.readyState === 'complete') run();
  else addEventListener('load', run);
};`;

const TURNSTILE = `(() => {${FRAMES}
window.turnstile = { ready: (then) => then() };
rendered('.cf-turnstile', (place) => {
  const { sitekey, action = '' } = place.dataset;
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = 'cf-turnstile-response';
  open(place, 'https://challenges.cloudflare.com/cdn-cgi/challenge-platform/widget', { sitekey, action }, (token) => {
    field.value = token;
  });
  place.append(field);
});
})();`;

const HCAPTCHA = `(() => {${FRAMES}
window.hcaptcha = { render() {}, reset() {} };
const sheet = document.createElement('link');
sheet.rel = 'stylesheet';
sheet.href = 'https://newassets.hcaptcha.com/c/widget.css';
document.head.append(sheet);
rendered('.h-captcha', async (place) => {
  const { sitekey } = place.dataset;
  await fetch('https://hcaptcha.com/checksiteconfig?' + new URLSearchParams({ sitekey, host: location.hostname }), { method: 'POST' });
  // It fills in Google's field as well, for those who come from there.
  const fields = ['h-captcha-response', 'g-recaptcha-response'].map((name) => {
    const field = document.createElement('textarea');
    field.name = name;
    field.style.display = 'none';
    return field;
  });
  open(place, 'https://newassets.hcaptcha.com/captcha/v1/hcaptcha.html', { sitekey }, (token) => {
    for (const field of fields) field.value = token;
  });
  place.append(...fields);
});
})();`;

/** What api.js of Google's is: it begins the object, and fetches the rest from where its files are kept. */
function recaptchaLoader(render: string): string {
  return `window.___grecaptcha_cfg = { render: ${JSON.stringify(render)} };
window.grecaptcha = { waiting: [], ready(then) { this.waiting.push(then); } };
const rest = document.createElement('script');
rest.src = 'https://www.gstatic.com/recaptcha/releases/1/recaptcha__en.js';
rest.async = true;
document.head.append(rest);`;
}

const RECAPTCHA = `(() => {${FRAMES}
const { render } = window.___grecaptcha_cfg;
const ANCHOR = 'https://www.google.com/recaptcha/api2/anchor';
if (render === 'onload')
  rendered('.g-recaptcha', (place) => {
    // Its style stands in the markup, as older releases had it: a policy like ours refuses that.
    place.insertAdjacentHTML('beforeend', '<textarea name="g-recaptcha-response" class="g-recaptcha-response" style="display: none"></textarea>');
    open(place, ANCHOR, { sitekey: place.dataset.sitekey }, (token) => {
      place.querySelector('textarea').value = token;
    });
  });
else
  window.grecaptcha.execute = async (sitekey, { action }) => {
    await fetch('https://www.google.com/recaptcha/api2/clr', { method: 'POST' });
    return new Promise((then) => open(document.body, 'https://www.google.com/recaptcha/api2/bframe', { sitekey, action, silent: '1' }, then));
  };
window.grecaptcha.ready = (then) => then();
for (const then of window.grecaptcha.waiting) then();
})();`;
