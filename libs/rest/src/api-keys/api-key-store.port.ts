import type { auditV1 } from '@steelyard/contracts/grpc';
import type { Scope } from '../access/caller.js';

/** An API key as it is kept: the secret itself is nowhere. */
export interface ApiKey {
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the secret. */
  readonly secretHash: Uint8Array;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
  readonly revokedAtMs?: number;
  /** Coarse: to the minute or so. */
  readonly lastUsedAtMs?: number;
}

/** Where API keys live. Every method throws an outage when the store cannot be reached. */
export abstract class ApiKeyStore {
  /** Together with what the audit trail is told of it: both or neither. */
  abstract insert(key: ApiKey, event: auditV1.AuditEvent): Promise<void>;
  abstract find(keyId: string): Promise<ApiKey | undefined>;
  /** Newest first, those created before `beforeKeyId` when given. */
  abstract list(options: { limit: number; beforeKeyId?: string }): Promise<readonly ApiKey[]>;
  /**
   * False when there is no such key; revoking twice keeps the first time, and only the first is told to the audit
   * trail, together with it.
   */
  abstract revoke(keyId: string, revokedAtMs: number, event: auditV1.AuditEvent): Promise<boolean>;
  abstract touch(keyId: string, usedAtMs: number): Promise<void>;
}
