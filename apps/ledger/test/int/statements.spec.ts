import { beforeAll, describe, expect, it } from '@jest/globals';
import { checksumOf, GENESIS } from '@steelyard/domain/ledger-chain';
import { replayHint, seededRandom } from '@steelyard/testing/seed';
import type {
  GetStatement,
  StatementPage,
} from '../../src/application/get-statement/get-statement.handler.js';
import { EntryProver } from '../../src/application/proofs/entry-prover.js';
import { ProveEntryHandler } from '../../src/application/proofs/prove-entry.handler.js';
import { LeafRepository } from '../../src/infrastructure/postgres/leaf.repository.js';
import { EntryRepository } from '../../src/infrastructure/postgres/listing.repository.js';
import { SealRepository } from '../../src/infrastructure/postgres/seal.repository.js';
import { statementUseCase } from '../../src/statements.composition.js';
import { allPages } from '../support/all-pages.js';
import { granted } from '../support/granted.js';
import { useLedger } from '../support/use-ledger.js';

const MAY_MS = BigInt(Date.UTC(2026, 4, 1));
const JUNE_MS = BigInt(Date.UTC(2026, 5, 1));
const BEFORE = 7;
const IN_MAY = 120;
const AFTER = 5;

describe(`statements (${replayHint()})`, () => {
  const suite = useLedger();
  const random = seededRandom();
  const seals = new SealRepository(suite.database);
  const prover = new EntryProver(seals, new LeafRepository(suite.database));
  const proofs = new ProveEntryHandler(suite.database, seals, new EntryRepository(suite.database), prover);
  const getStatement = statementUseCase(suite.database, proofs);
  let balance = 0n;
  let opening = 0n;
  let closing = 0n;
  let credits = 0n;

  beforeAll(async () => {
    postMany(BEFORE, Number(MAY_MS) - 1_000_000);
    post(Number(MAY_MS) - 1);
    opening = balance;
    post(Number(MAY_MS));
    postMany(IN_MAY, Number(MAY_MS) + 10);
    post(Number(JUNE_MS) - 1);
    closing = balance;
    post(Number(JUNE_MS));
    postMany(AFTER, Number(JUNE_MS) + 10);
    await suite.builder.flush();
  });

  it('hold what was committed from the first instant on and before the last', async () => {
    const page = await read({});
    expect(page).toMatchObject({ accountId: 'alice', currency: 'CZK', entriesTotal: BigInt(IN_MAY + 2) });
    expect(page.opening).toMatchObject({ balance: opening, sequence: BigInt(BEFORE + 1) });
    expect(page.closing).toMatchObject({ balance: closing, sequence: BigInt(BEFORE + IN_MAY + 3) });
    expect(page.credits).toBe(credits);
    expect(page.credits - page.debits).toBe(closing - opening);
    expect(page.entries).toHaveLength(IN_MAY + 2);
  });

  it('lead from the opening checksum to the closing one', async () => {
    const { entries, ...page } = await read({});
    const end = entries.reduce((at, entry) => {
      expect(entry).toMatchObject({ balanceBefore: at.balance, previousChecksum: at.checksum });
      return { balance: entry.balanceAfter, sequence: at.sequence + 1n, checksum: checksumOf(entry) };
    }, page.opening);
    expect(end).toEqual(page.closing);
  });

  it('begin at nothing when the period begins before the account', async () => {
    const page = await read({ fromMs: 0n, toMs: MAY_MS });
    expect(page.opening).toEqual({ balance: 0n, sequence: 0n, checksum: GENESIS });
    expect(page.entriesTotal).toBe(BigInt(BEFORE + 1));
  });

  it('of a period without entries begin and end alike', async () => {
    const page = await read({ fromMs: MAY_MS - 10n, toMs: MAY_MS - 1n });
    expect(page).toMatchObject({ entries: [], entriesTotal: 0n, credits: 0n, debits: 0n, nextCursor: '' });
    expect(page.opening).toEqual(page.closing);
  });

  it('are the same in pages of any size, whatever is posted meanwhile', async () => {
    const request = { fromMs: 0n, toMs: BigInt(Date.UTC(2090, 0, 1)) };
    for (const limit of [1 + random.integer(0, 10), 50, 67]) {
      const whole = await read(request);
      const pages = await allPages(async (cursor) => {
        const page = await read({ ...request, limit, cursor });
        postMany(1, Number(JUNE_MS) + 1_000_000);
        await suite.builder.flush();
        return page;
      });
      expect(pages.length).toBe(Math.ceil(whole.entries.length / limit));
      expect(pages.flatMap(({ entries }) => entries)).toEqual(whole.entries);
      for (const { closing: end, credits: sum, debits } of pages) {
        expect([end, sum, debits]).toEqual([whole.closing, whole.credits, whole.debits]);
      }
      expect((await read(request)).closing).not.toEqual(whole.closing);
    }
  });

  it('leave totals out when nobody wants them', async () => {
    expect(await read({ withoutTotals: true })).toMatchObject({
      credits: 0n,
      debits: 0n,
      closing: { balance: closing },
    });
  });

  it.each([
    ['an account with several chains', { accountId: '@world/CZK' }, 'INVALID_REQUEST', 'accountId'],
    ['an account that nobody knows', { accountId: 'nobody' }, 'ACCOUNT_NOT_FOUND', 'accountId'],
    ['a period that ends as it begins', { fromMs: JUNE_MS }, 'INVALID_REQUEST', 'to'],
    ['a page too large', { limit: 501 }, 'INVALID_REQUEST', 'limit'],
    ['a made-up cursor', { cursor: 'abc' }, 'INVALID_CURSOR', 'cursor'],
  ])('are refused for %s', async (_what, request, code, field) => {
    expect(await getStatement.execute({ ...may, ...request })).toMatchObject({ code, field });
  });

  it.each([
    ['another period', { fromMs: MAY_MS + 1n }],
    ['another account', { accountId: 'bob' }],
  ])('refuse the cursor of %s', async (_what, other) => {
    suite.builder.deposit('bob', 1n);
    await suite.builder.flush();
    const { nextCursor: cursor } = await read({ limit: 10 });
    expect(cursor).not.toBe('');
    expect(await getStatement.execute({ ...may, ...other, cursor })).toMatchObject({
      code: 'INVALID_CURSOR',
    });
  });

  const may: GetStatement = {
    accountId: 'alice',
    fromMs: MAY_MS,
    toMs: JUNE_MS,
    limit: 0,
    cursor: '',
    withoutTotals: false,
  };

  function read(request: Partial<GetStatement>): Promise<StatementPage> {
    return granted(getStatement.execute({ ...may, ...request }));
  }

  function post(atMs: number): void {
    const amount = balance > 500n && random.chance(0.5) ? -BigInt(random.integer(1, 500)) : 400n;
    balance += amount;
    if (amount > 0n && atMs >= MAY_MS && atMs < JUNE_MS) credits += amount;
    suite.builder.deposit('alice', amount, { atMs, metadata: { at: atMs } });
  }

  function postMany(count: number, fromMs: number): void {
    for (let index = 0; index < count; index += 1) post(fromMs + index);
  }
});
