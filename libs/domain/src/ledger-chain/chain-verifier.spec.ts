import { describe, expect, it } from '@jest/globals';
import { ChainVerifier, type ChainFault, type StoredEntry } from './chain-verifier.js';
import { checksumOf, GENESIS } from './checksum.js';

const AMOUNTS = [100n, -30n, 50n, -120n, 7n, 1n, -8n, 25n];

/** A valid chain, from one entry per amount. */
function chainOf(amounts: readonly bigint[]): StoredEntry[] {
  let balance = 0n;
  let previousChecksum = GENESIS;
  return amounts.map((amount, i) => {
    const balanceBefore = balance;
    balance += amount;
    const fields = {
      entryId: `entry-${i + 1}`,
      transactionId: `transaction-${i + 1}`,
      accountId: 'alice',
      type: amount > 0n ? 'DEPOSIT' : 'WITHDRAW',
      amount,
      balanceAfter: balance,
      metadataJson: `{"hand":${i}}`,
      timestamp: `2026-11-21T00:00:00.00${i}Z`,
    };
    const checksum = checksumOf({ ...fields, balanceBefore, previousChecksum });
    previousChecksum = checksum;
    return { ...fields, sequence: BigInt(i + 1), hashVersion: 1, checksum };
  });
}

function endOf(chain: readonly StoredEntry[]): { sequence: bigint; balance: bigint; checksum: string } {
  const last = chain.at(-1);
  if (!last) return { sequence: 0n, balance: 0n, checksum: GENESIS };
  return { sequence: last.sequence, balance: last.balanceAfter, checksum: last.checksum };
}

/** Walks the chain as a caller does: to the first fault, then to the account's own row. */
function verify(chain: readonly StoredEntry[], account = endOf(chain)): ChainFault | undefined {
  const verifier = new ChainVerifier();
  for (const entry of chain) {
    const fault = verifier.next(entry);
    if (fault) return fault;
  }
  return verifier.endFault(account);
}

const chain = chainOf(AMOUNTS);

/** The chain with one entry changed. */
function withEntry(index: number, changes: Partial<StoredEntry>): StoredEntry[] {
  return chain.map((entry, i) => (i === index ? { ...entry, ...changes } : entry));
}

describe('ChainVerifier', () => {
  it('accepts an untouched chain and counts it', () => {
    const verifier = new ChainVerifier();
    for (const entry of chain) expect(verifier.next(entry)).toBeUndefined();
    expect(verifier.entriesChecked).toBe(8n);
    expect(verifier.endFault(endOf(chain))).toBeUndefined();
  });

  it('accepts an account without entries', () => {
    expect(verify([])).toBeUndefined();
  });

  it.each<[string, Partial<StoredEntry>]>([
    ['the amount', { amount: 51n }],
    ['the balance', { balanceAfter: 121n }],
    ['amount and balance together', { amount: 51n, balanceAfter: 121n }],
    ['the metadata', { metadataJson: '{"hand":9}' }],
    ['the time', { timestamp: '2026-11-21T00:00:00.009Z' }],
    ['the type', { type: 'BONUS' }],
    ['the entry id', { entryId: 'entry-x' }],
    ['the transaction id', { transactionId: 'transaction-x' }],
    ['the account', { accountId: 'mallory' }],
    ['the checksum', { checksum: 'f'.repeat(64) }],
    ['the hash version', { hashVersion: 2 }],
  ])('finds a change of %s at its sequence', (_, changes) => {
    expect(verify(withEntry(2, changes))).toMatchObject({ sequence: 3n });
  });

  it('finds a changed entry whose own checksum was recomputed at the next one', () => {
    const balanceBefore = chain[1]?.balanceAfter ?? 0n;
    const previousChecksum = chain[1]?.checksum ?? '';
    const original = chain[2];
    if (!original) throw new Error('the chain has three entries');
    const forged = { ...original, metadataJson: '{"hand":9}' };
    const checksum = checksumOf({ ...forged, balanceBefore, previousChecksum });
    expect(verify(withEntry(2, { ...forged, checksum }))).toMatchObject({
      sequence: 4n,
      reason: 'checksum does not match the entry',
    });
  });

  it('finds a deleted entry at its sequence', () => {
    expect(verify(chain.filter((_, i) => i !== 4))).toEqual({
      sequence: 5n,
      entryId: '',
      reason: 'entry 5 is missing',
    });
  });

  it('finds a deleted entry when the rest was renumbered', () => {
    const renumbered = chain
      .filter((_, i) => i !== 4)
      .map((entry, i) => ({ ...entry, sequence: BigInt(i + 1) }));
    expect(verify(renumbered)).toMatchObject({ sequence: 5n });
  });

  it('finds swapped entries at the first of them', () => {
    const [one, two, three, four, ...rest] = chain;
    if (!one || !two || !three || !four) throw new Error('the chain has four entries');
    const swapped = [one, { ...three, sequence: 2n }, { ...two, sequence: 3n }, four, ...rest];
    expect(verify(swapped)).toMatchObject({ sequence: 2n });
  });

  it('finds an inserted entry at its sequence', () => {
    const inserted = chainOf([5n]).map((entry) => ({ ...entry, sequence: 3n }));
    const later = chain.slice(2).map((entry) => ({ ...entry, sequence: entry.sequence + 1n }));
    expect(verify([...chain.slice(0, 2), ...inserted, ...later])).toMatchObject({ sequence: 3n });
  });

  it('finds an entry that is there twice', () => {
    expect(verify([...chain.slice(0, 3), ...chain.slice(2)])).toMatchObject({ sequence: 4n });
  });

  it('finds the first of several faults', () => {
    const twice = withEntry(1, { amount: 1n }).map((entry, i) =>
      i === 6 ? { ...entry, amount: 2n } : entry,
    );
    expect(verify(twice)).toMatchObject({ sequence: 2n });
  });

  it('finds an entry of another chain grafted on', () => {
    const other = chainOf([1n, ...AMOUNTS.slice(1)]);
    expect(verify([...chain.slice(0, 3), ...other.slice(3)])).toMatchObject({ sequence: 4n });
  });
});

describe('the end of a chain', () => {
  it('shows a tail that was cut off at the first missing sequence', () => {
    expect(verify(chain.slice(0, 5), endOf(chain))).toEqual({
      sequence: 6n,
      entryId: '',
      reason: 'entry 6 is missing from the end',
    });
  });

  it('shows all entries gone', () => {
    expect(verify([], endOf(chain))).toMatchObject({ sequence: 1n });
  });

  it('shows entries that the account does not know', () => {
    expect(verify(chain, endOf(chain.slice(0, 5)))).toMatchObject({
      reason: 'there are more entries than the account says',
    });
  });

  it('shows a suffix rewritten with right hashes by the last checksum', () => {
    const rewritten = chainOf([...AMOUNTS.slice(0, 6), -9n, 26n]);
    expect(verify(rewritten, endOf(chain))).toMatchObject({
      reason: 'the account holds another last checksum',
    });
  });

  it('shows a balance that was changed on the account alone', () => {
    expect(verify(chain, { ...endOf(chain), balance: 1_000_000n })).toMatchObject({
      sequence: 8n,
      reason: 'the account holds another balance',
    });
  });
});
