import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { ReadAccount } from './read-account.handler.js';
import type { BalanceRead } from './read-balance.handler.js';
import type { AccountChanged } from '../posting/posted.js';
import { isoInstant } from '../replies/iso-instant.js';
import { RawJson, type Reply } from '../replies/to-json.js';

/** The reply to opening an account. */
export function presentOpened({ account, created }: AccountChanged): Reply {
  const { accountId, balance, currency } = account;
  return { accountId, balance, currency, created };
}

/** A whole account. */
export function presentAccount(account: balanceV1.Account): Reply {
  return accountFields(account);
}

function accountFields(account: balanceV1.Account) {
  return {
    accountId: account.accountId,
    currency: account.currency,
    balance: account.balance,
    availableBalance: account.availableBalance,
    held: account.held,
    version: account.version,
    status: account.status,
    tier: account.tier ?? null,
    holderId: account.holderId ?? null,
    agentId: account.agentId ?? null,
    limits: {
      creditLimit: account.creditLimit ?? null,
      minimumHold: account.minimumHold,
      maxBalance: account.maxBalance ?? null,
      warningThreshold: account.warningThreshold ?? null,
      criticalThreshold: account.criticalThreshold ?? null,
    },
    metadata: ownMetadata(account.metadataJson),
    sequence: account.sequence,
    latestChecksum: account.latestChecksum,
    createdAt: isoInstant(account.createdAtMs),
    updatedAt: isoInstant(account.updatedAtMs),
  };
}

/** A whole account as it was read; one that is not fresh says so. */
export function presentReadAccount({ account, asOfMs, isStale }: ReadAccount): Reply {
  const fields = accountFields(account);
  return isStale ? { ...fields, asOf: isoInstant(asOfMs), stale: true } : fields;
}

/** The balance now or at an instant. */
export function presentBalance(read: BalanceRead): Reply {
  if (read.kind === 'now') return presentAccountBalance(read.account, read);
  const { accountId, balance, currency, sequence } = read.balance;
  return { accountId, balance, currency, sequence, asOf: isoInstant(read.asOfMs), clock: read.clock };
}

/** The balance of an account that was read at an instant. */
export function presentAccountBalance(
  account: balanceV1.Account,
  { asOfMs, isStale }: { readonly asOfMs: bigint; readonly isStale: boolean },
): Reply {
  const { accountId, balance, availableBalance, held, currency, version } = account;
  const asOf = isoInstant(asOfMs);
  const reply = { accountId, balance, availableBalance, held, currency, version, asOf };
  return isStale ? { ...reply, stale: true } : reply;
}

/** The text that the core keeps, character by character. */
export function ownMetadata(metadataJson: string): RawJson {
  return new RawJson(metadataJson === '' ? '{}' : metadataJson);
}
