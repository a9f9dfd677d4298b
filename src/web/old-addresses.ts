// The addresses of WHMCS (behaviours.md, section 13), which lead to ours, so that links in letters, on web sites and in
// people's bookmarks go on working. They come in three shapes: a script (`clientarea.php?action=invoices`), a route behind
// `index.php?rp=/login`, the same behind `index.php/login`, and the route itself where it differs from ours.
//
// Where each leads is written here and nowhere else: nothing in an address decides but which line of a table it is. Of its
// query two names go along: `goto`, which the sign-in page holds to our own pages, and a numeric `id`. What else older
// addresses carry (reset keys, access codes of tickets, forms posted to them) is worth nothing here and is dropped.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ownPath } from '#domain/sso/destinations.ts';
import { withGoto } from '#web/goto.ts';
import type { PlaceName } from '#web/places.ts';
import { idIn } from '#web/places.ts';

/** Registers them. */
export function registerOldAddresses(app: FastifyInstance): void {
  const lead = (url: string, target: (query: URLSearchParams, request: FastifyRequest) => string): void => {
    app.route({
      method: ['GET', 'POST'],
      url,
      handler: (request, reply) => redirect(request, reply, target(queryOf(request), request)),
    });
  };
  for (const [script, target] of Object.entries(SCRIPTS)) lead(`/${script}`, target);
  for (const route of Object.keys(ROUTES)) {
    lead(route, () => ROUTES[route] ?? '/');
    if (DEEP.has(route)) lead(`${route}/*`, () => ROUTES[route] ?? '/');
  }
  lead('/index.php', (query) => behindIndex(query.get('rp') ?? '/', query));
  lead('/index.php/*', (query, request) =>
    behindIndex(request.url.slice('/index.php'.length).split('?')[0] ?? '/', query),
  );
}

type Target = (query: URLSearchParams) => string;

/** A place of the person's account (web/entrance/go), with the id of what it shows. */
function place(name: PlaceName, id?: 'id' | 'domainid'): Target {
  return (query) => {
    const given = idIn((id && (query.get(id) ?? query.get('id'))) ?? undefined);
    return given === undefined ? `/go/${name}` : `/go/${name}?id=${given}`;
  };
}

function fixed(path: string): Target {
  return () => path;
}

const signIn: Target = (query) => withGoto('/login', query.get('goto') ?? '');

/** The scripts. */
const SCRIPTS: Readonly<Record<string, Target>> = {
  'clientarea.php': (query) => ACTIONS.get(query.get('action') ?? '')?.(query) ?? '/',
  'login.php': signIn,
  'logout.php': fixed('/logout'),
  'register.php': fixed('/register'),
  'pwreset.php': fixed('/password/reset'),
  'unsubscribe.php': fixed('/unsubscribe'),
  'banned.php': fixed('/'),
  'upgrade.php': place('upgrade', 'id'),
  'viewinvoice.php': place('invoices'),
  'viewquote.php': fixed('/'),
  'viewemail.php': place('emails'),
  'supporttickets.php': place('tickets'),
  'submitticket.php': place('submit_ticket'),
  'viewticket.php': place('tickets'),
  'contact.php': place('submit_ticket'),
  'affiliates.php': fixed('/'),
  'cart.php': cart,
  'domainchecker.php': place('shopping_cart_domain_register'),
  'announcements.php': place('announcements'),
  'knowledgebase.php': place('knowledgebase'),
  'downloads.php': place('downloads'),
  'serverstatus.php': place('network_status'),
  'networkissues.php': place('network_status'),
};

/** What `clientarea.php?action=…` asks for. Whatever is not here is the home. */
const ACTIONS: ReadonlyMap<string, Target> = new Map(
  Object.entries({
    details: place('profile'),
    contacts: place('contacts'),
    addcontact: place('contacts'),
    changepw: fixed('/user/password'),
    security: fixed('/user/security'),
    creditcard: place('billing_info'),
    services: place('services'),
    products: place('services'),
    productdetails: place('product_details', 'id'),
    cancel: place('product_details', 'id'),
    domains: place('domains'),
    domaindetails: place('domain_details', 'domainid'),
    invoices: place('invoices'),
    masspay: place('invoices'),
    addfunds: place('invoices'),
    emails: place('emails'),
  }),
);

function cart(query: URLSearchParams): string {
  const domain = query.get('domain');
  if (domain === 'register') return '/go/shopping_cart_domain_register';
  if (domain === 'transfer') return '/go/shopping_cart_domain_transfer';
  return query.get('gid') === 'addons' ? '/go/shopping_cart_addons' : '/go/shopping_cart';
}

/** The routes that are not ours by the same name. */
const ROUTES: Readonly<Record<string, string>> = {
  '/login/challenge': '/login/code',
  '/password/reset/begin': '/password/reset',
  '/password/reset/redeem': '/password/reset',
  '/password/reset/change': '/password/reset',
  '/user/accounts': '/account',
  '/user/verification': '/user/profile',
  '/user/verify': '/user/profile',
  '/account/users': '/go/users',
  '/account/contacts': '/go/contacts',
  '/account/security': '/go/single_sign_on',
  '/account/paymentmethods': '/go/billing_info',
  '/knowledgebase': '/go/knowledgebase',
  '/announcements': '/go/announcements',
  '/download': '/go/downloads',
  '/store': '/go/shopping_cart',
  '/cart': '/go/shopping_cart',
};

/** Those with more behind them: an id, a token, a title. */
const DEEP = new Set([
  '/password/reset/redeem',
  '/user/verify',
  '/account/users',
  '/account/contacts',
  '/account/paymentmethods',
  '/knowledgebase',
  '/announcements',
  '/download',
  '/store',
  '/cart',
]);

/** A route behind index.php: by its line in the tables, else a page of ours by that very name, else the home. */
function behindIndex(given: string, query: URLSearchParams): string {
  const route = `/${given}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  if (route === '/login') return signIn(query);
  if (route === '/logout') return '/logout';
  const line = Object.keys(ROUTES).find((one) => route === one || (DEEP.has(one) && route.startsWith(`${one}/`)));
  return (line && ROUTES[line]) || (ownPath(route) ?? '/');
}

function redirect(request: FastifyRequest, reply: FastifyReply, to: string): FastifyReply {
  return reply
    .headers({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
    .redirect(to, request.method === 'POST' ? 303 : 302);
}

function queryOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(request.url.split('?')[1] ?? '');
}
