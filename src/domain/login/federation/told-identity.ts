// Who a provider says somebody is, after all that it said was checked.

/** Who somebody is there. `addressVerified`: the provider says so, and staff take its word for it. */
export type ToldIdentity = {
  readonly providerId: number;
  readonly issuer: string;
  readonly subject: string;
  readonly email: string;
  readonly addressVerified: boolean;
  readonly firstName: string;
  readonly lastName: string;
  /** The provider says that a second factor was shown, and staff take its word for it. */
  readonly vouchesFactor: boolean;
};
