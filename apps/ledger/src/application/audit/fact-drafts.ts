import { isSharedAccountId, isSystemAccountId, potAccountId } from '@steelyard/domain/accounts';
import { BALANCE_CHANGED, type AuditContent } from '@steelyard/domain/audit';
import { isJsonObject, type JsonObject, type JsonValue } from '@steelyard/domain/ledger-chain';
import { RESERVED_METADATA_NAMES } from '@steelyard/domain/posting';
import type { Fact } from '@steelyard/facts/inbox';
import type { AuditDraft } from './audit-draft.js';

/** What of an account somebody decides; its balance and its place in the chain are the ledger's business. */
const PROFILE_MEMBERS = [
  'status',
  'tier',
  'holderId',
  'agentId',
  'creditLimit',
  'minimumHold',
  'maxBalance',
  'warningThreshold',
  'criticalThreshold',
] as const;

const ATTRIBUTION: ReadonlySet<string> = new Set(['performedBy', 'agentId', 'reason']);
const MOVEMENT_MEMBERS = RESERVED_METADATA_NAMES.filter((name) => !ATTRIBUTION.has(name));

/**
 * The records that a fact makes: one for each entry on an account of a client, one for each change of an account,
 * reservation or pot. What moves on the platform's own accounts (outside, house, tables, pots) is the other side of
 * it, or is told by the end of the pot, and is in the ledger's chains anyway. The caller's own metadata are left
 * out: they may hold personal data, and nothing is ever taken out of a record.
 */
export function draftsOf(fact: Fact): readonly AuditDraft[] {
  const data = dataOf(fact);
  if (fact.entries.length > 0) return balanceChanges(fact, data);
  const draft = changeDraft(fact, data);
  return draft === undefined ? [] : [draft];
}

function dataOf({ dataJson, bucket, sequence }: Fact): JsonObject {
  const data: unknown = dataJson === '' ? {} : JSON.parse(dataJson);
  if (isJsonObject(data)) return data;
  throw new TypeError(`the data of fact ${sequence} of bucket ${bucket} are no object`);
}

function balanceChanges(fact: Fact, data: JsonObject): AuditDraft[] {
  const drafts: AuditDraft[] = [];
  const detail = { type: fact.kind, ...chosen(data, MOVEMENT_MEMBERS) };
  for (const entry of fact.entries) {
    if (isSystemAccountId(entry.accountId)) continue;
    drafts.push({
      bucket: fact.bucket,
      recordId: entry.entryId,
      atMs: Number(fact.committedAtMs),
      action: BALANCE_CHANGED,
      accountId: entry.accountId,
      agentId: textOf(data, 'agentId'),
      content: {
        ...attributionOf(data),
        entryChecksum: entry.checksum,
        currency: entry.currency,
        amount: entry.amount,
        balanceBefore: entry.balanceBefore,
        balanceAfter: entry.balanceAfter,
        detail,
      },
    });
  }
  return drafts;
}

function changeDraft(fact: Fact, data: JsonObject): AuditDraft | undefined {
  const change = accountChange(data) ?? reservationChange(data) ?? potChange(data) ?? otherChange(data);
  if (change === undefined) return undefined;
  const { accountId, agentId = textOf(data, 'agentId'), content } = change;
  return {
    bucket: fact.bucket,
    recordId: fact.factId,
    atMs: Number(fact.committedAtMs),
    action: fact.kind,
    accountId,
    agentId,
    content: { ...attributionOf(data), ...content },
  };
}

interface Change {
  readonly accountId: string;
  readonly agentId?: string | undefined;
  readonly content: AuditContent;
}

/** An account was opened, or something other than its balance changed. */
function accountChange(data: JsonObject): Change | undefined {
  const { after } = data;
  if (!isJsonObject(after)) return undefined;
  const accountId = textOf(after, 'accountId');
  if (accountId === undefined || isSharedAccountId(accountId)) return undefined;
  const before = isJsonObject(data['before']) ? data['before'] : undefined;
  const names = PROFILE_MEMBERS.filter((name) => (before?.[name] ?? null) !== (after[name] ?? null));
  const isRewritten = before !== undefined && before['metadataJson'] !== after['metadataJson'];
  const initialBalance = textOf(data, 'initialBalance');
  return {
    accountId,
    agentId: textOf(data, 'agentId') ?? textOf(after, 'agentId'),
    content: {
      currency: textOf(after, 'currency'),
      detail: {
        ...(before === undefined ? {} : { before: membersOf(before, names) }),
        after: membersOf(after, names),
        ...(isRewritten ? { metadataChanged: true } : {}),
        ...(initialBalance === undefined ? {} : { initialBalance }),
      },
    },
  };
}

function reservationChange(data: JsonObject): Change | undefined {
  const { reservation } = data;
  if (!isJsonObject(reservation)) return undefined;
  const accountId = textOf(reservation, 'accountId');
  if (accountId === undefined) return undefined;
  const { expiresAtMs } = reservation;
  return {
    accountId,
    content: {
      currency: textOf(reservation, 'currency'),
      detail: {
        ...chosen(reservation, [
          'reservationId',
          'amount',
          'target',
          'status',
          'reference',
          'availableAfter',
        ]),
        ...(typeof expiresAtMs === 'number' ? { expiresAt: new Date(expiresAtMs).toISOString() } : {}),
      },
    },
  };
}

/** The pot's own account stands for it; it is in the bucket of its table, like the fact. */
function potChange(data: JsonObject): Change | undefined {
  const { pot } = data;
  if (!isJsonObject(pot)) return undefined;
  const [tableId, handId, currency] = [
    textOf(pot, 'tableId'),
    textOf(pot, 'handId'),
    textOf(pot, 'currency'),
  ];
  if (tableId === undefined || handId === undefined || currency === undefined) return undefined;
  return {
    accountId: potAccountId({ tableId, handId }, currency),
    content: { currency, detail: chosen(pot, ['tableId', 'handId', 'status', 'total', 'rake']) },
  };
}

/** A correction of an account's stored state, or what a later release adds: about the account that it names. */
function otherChange(data: JsonObject): Change | undefined {
  const accountId = textOf(data, 'accountId');
  if (accountId === undefined) return undefined;
  const names = Object.keys(data).filter(
    (name) => !ATTRIBUTION.has(name) && name !== 'accountId' && name !== 'metadata',
  );
  return { accountId, content: { ...foundAndExpected(data), detail: chosen(data, names) } };
}

function foundAndExpected({ found, expected }: JsonObject): AuditContent {
  if (!isJsonObject(found) || !isJsonObject(expected)) return {};
  return { balanceBefore: integerOf(found, 'balance'), balanceAfter: integerOf(expected, 'balance') };
}

function attributionOf(data: JsonObject): AuditContent {
  return { performedBy: textOf(data, 'performedBy'), reason: textOf(data, 'reason') };
}

/** The members of these names that are set. */
function chosen(json: JsonObject, names: readonly string[]): JsonObject {
  const members: [string, JsonValue][] = [];
  for (const name of names) {
    const value = json[name];
    if (value !== undefined && value !== null) members.push([name, value]);
  }
  return Object.fromEntries(members);
}

/** Like {@link chosen}, but what is not set is said. */
function membersOf(json: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, json[name] ?? null]));
}

function textOf(json: JsonObject, name: string): string | undefined {
  const value = json[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function integerOf(json: JsonObject, name: string): bigint | undefined {
  const value = json[name];
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? BigInt(value) : undefined;
}
