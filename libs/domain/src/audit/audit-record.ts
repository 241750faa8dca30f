import { hash } from 'node:crypto';
import { canonicalJson, type JsonObject } from '../ledger-chain/index.js';

/** The form of {@link auditRecordJson}; stored beside each record so that the form can change one day. */
export const AUDIT_HASH_VERSION = 1;

/** The action of records about one entry of an account; their id is the entry's. */
export const BALANCE_CHANGED = 'BALANCE_CHANGED';

/**
 * Who did what to which account, when and why. Members that are absent are left out of the text. Amounts are minor
 * units; `amount` is signed. What identifies a person beside the ids is never in here: see {@link personalDigestOf}.
 */
export interface AuditRecord {
  /** Of a balance change the entry's id, of another fact the fact's, of an event the id that its recorder chose. */
  readonly recordId: string;
  /** Milliseconds since 1970-01-01 UTC. Of a fact: its commit time. */
  readonly atMs: number;
  readonly action: string;
  readonly accountId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly content: AuditContent;
}

/** What a record says beside what it is found by. */
export interface AuditContent {
  readonly performedBy?: string | undefined;
  readonly role?: string | undefined;
  readonly apiKeyId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly reason?: string | undefined;
  /** Of the entry that changed the balance: ties the record to the account's own chain. */
  readonly entryChecksum?: string | undefined;
  readonly currency?: string | undefined;
  readonly amount?: bigint | undefined;
  readonly balanceBefore?: bigint | undefined;
  readonly balanceAfter?: bigint | undefined;
  readonly detail?: JsonObject | undefined;
  readonly personalDigest?: string | undefined;
}

/** A record as it is stored: its content as text, and what it is found by beside it, each once. */
export interface StoredAuditRecord extends Omit<AuditRecord, 'content'> {
  readonly contentJson: string;
}

/** Compact JSON of the content, members in the order of {@link AuditContent}. */
export function auditContentJson(content: AuditContent): string {
  let text = '';
  const add = (name: string, json: string): void => {
    text += `${text === '' ? '' : ','}"${name}":${json}`;
  };
  const addText = (name: string, value: string | undefined): void => {
    if (value !== undefined) add(name, JSON.stringify(value));
  };
  const addAmount = (name: string, value: bigint | undefined): void => {
    if (value !== undefined) add(name, value.toString());
  };
  addText('performedBy', content.performedBy);
  addText('role', content.role);
  addText('apiKeyId', content.apiKeyId);
  addText('correlationId', content.correlationId);
  addText('reason', content.reason);
  addText('entryChecksum', content.entryChecksum);
  addText('currency', content.currency);
  addAmount('amount', content.amount);
  addAmount('balanceBefore', content.balanceBefore);
  addAmount('balanceAfter', content.balanceAfter);
  if (content.detail !== undefined) add('detail', canonicalJson(content.detail));
  addText('personalDigest', content.personalDigest);
  return `{${text}}`;
}

/**
 * The record as the API returns it: compact JSON with the members recordId, at, action, accountId, agentId, of a
 * balance change transactionId and entryId, then those of the content. With `previousChecksum` as the last member
 * it is the text under the checksum.
 */
export function auditRecordJson(record: StoredAuditRecord): string {
  const { recordId, atMs, action, accountId, agentId, contentJson } = record;
  let text = `{"recordId":"${recordId}","at":"${new Date(atMs).toISOString()}"`;
  text += `,"action":${JSON.stringify(action)}`;
  if (accountId !== undefined) text += `,"accountId":${JSON.stringify(accountId)}`;
  if (agentId !== undefined) text += `,"agentId":${JSON.stringify(agentId)}`;
  if (action === BALANCE_CHANGED) text += entryMembers(recordId);
  return contentJson === '{}' ? `${text}}` : `${text},${contentJson.slice(1)}`;
}

/** Lower-case hex SHA-256 over the UTF-8 bytes of the record's JSON with previousChecksum as its last member. */
export function auditChecksumOf(recordJson: string, previousChecksum: string): string {
  return hash('sha256', `${recordJson.slice(0, -1)},"previousChecksum":"${previousChecksum}"}`, 'hex');
}

/** The two last digits of an entry's id are its ordinal; those of its transaction's id are zero. */
function entryMembers(entryId: string): string {
  return `,"transactionId":"${entryId.slice(0, -2)}00","entryId":"${entryId}"`;
}
