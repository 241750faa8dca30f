import { GENESIS } from '@steelyard/domain/ledger-chain';
import { CHAIN_START } from '../../application/verification/chain-audit.js';
import type { AccountEnd, ChainEnds } from '../../application/verification/verification-reads.port.js';
import { checksumOfHex } from './fact-columns.js';

/** The ends of one chain: CHAIN_ENDS. */
export interface ChainEndsRow {
  readonly bucket: number;
  readonly account_id: string;
  readonly sequence: bigint | null;
  readonly balance: bigint | null;
  readonly checksum: string | null;
  readonly last_sequence: bigint | null;
  readonly last_balance: bigint | null;
  readonly last_checksum: string | null;
  readonly proven_sequence: bigint | null;
  readonly proven_balance: bigint | null;
  readonly proven_checksum: string | null;
}

export function chainEndsOf(row: ChainEndsRow): ChainEnds {
  return {
    bucket: row.bucket,
    accountId: row.account_id,
    account: endOf(row.sequence, row.balance, row.checksum),
    last: endOf(row.last_sequence, row.last_balance, row.last_checksum) ?? CHAIN_START,
    proven: endOf(row.proven_sequence, row.proven_balance, row.proven_checksum),
  };
}

/** Undefined when there is no such row. */
export function endOf(
  sequence: bigint | null,
  balance: bigint | null,
  checksum: string | null,
): AccountEnd | undefined {
  if (sequence === null || balance === null) return undefined;
  return { sequence, balance, checksum: checksumOfHex(checksum, GENESIS) };
}
