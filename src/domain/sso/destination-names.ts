// The documented names of destinations (sso-oidc-autoauth.md, section 1).

/** Names that lead to a page of ours, or to an address that the operator entered. */
export const DESTINATION_NAMES = [
  'clientarea:homepage',
  'clientarea:profile',
  'clientarea:billing_info',
  'clientarea:emails',
  'clientarea:announcements',
  'clientarea:downloads',
  'clientarea:knowledgebase',
  'clientarea:network_status',
  'clientarea:services',
  'clientarea:product_details',
  'clientarea:domains',
  'clientarea:domain_details',
  'clientarea:invoices',
  'clientarea:tickets',
  'clientarea:submit_ticket',
  'clientarea:shopping_cart',
  'clientarea:shopping_cart_addons',
  'clientarea:shopping_cart_domain_register',
  'clientarea:shopping_cart_domain_transfer',
  'clientarea:upgrade',
] as const;
