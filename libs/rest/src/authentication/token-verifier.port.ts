import type { Refused } from '../refusals/refused.js';

/** What a valid token says. */
export interface TokenClaims {
  /** An account or holder id. */
  readonly subject: string;
  readonly roles: readonly string[];
  /** Absent in development only, where tokens may live for ever. */
  readonly expiresAtMs?: number;
}

/** Proves bearer tokens. */
export abstract class TokenVerifierPort {
  /** INVALID_TOKEN when the token proves nothing; throws an outage when the keys cannot be fetched. */
  abstract verify(token: string): Promise<TokenClaims | Refused>;
}
