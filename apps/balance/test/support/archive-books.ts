import { parseId, type Answer, type Command, type ReversibleTransaction } from '@steelyard/domain/posting';
import type { Reservation } from '@steelyard/domain/reservations';
import { invariant } from '@steelyard/domain/result';
import * as commands from './commands.js';
import { TEST_BUCKETS } from './decider.js';
import type { TestEngine } from './test-engine.js';

const DEPOSITS = 300;
const PLAYERS = 50;
/** A hold that nobody ends while the test runs. */
const LONG_MS = 3_600_000;

/** Posts something of everything that a ledger can hold. */
export async function fillBooks({ engine }: TestEngine): Promise<void> {
  const execute = async (command: Command, key?: string): Promise<Answer> => {
    const [answer] = await engine.execute([
      commands.submission(command, TEST_BUCKETS, key === undefined ? {} : { key }),
    ]);
    invariant(answer !== undefined, 'a command has an answer');
    return answer;
  };
  await execute(commands.deposit('alice', 5_000n), 'first');
  await execute(commands.withdraw('alice', 9_999_999n), 'too-much');
  await execute(commands.open('bob', { holderId: 'b-owner', tier: 'gold' }));
  for (let index = 0; index < DEPOSITS; index += 1) {
    const reason = `nr. "${index}" \\ Ünï \u2028`;
    const details = {
      reason,
      effectiveAtMs: Date.UTC(2020, 0, index % 28),
      metadata: { '10': 1, '9': [null, 'x'] },
    };
    await execute(commands.deposit(`player-${index % PLAYERS}`, BigInt(100 + index), { details }));
  }
  await execute(commands.transfer(['player-1', 'bob'], 7n));
  const posted = await execute(commands.deposit('bob', 50n));
  await execute(commands.reverse(originalOf(posted), { amount: 20n }));
  const held = await execute(commands.reserve('alice', 300n, { timeoutMs: LONG_MS }));
  await execute(commands.reserve('alice', 200n, { timeoutMs: LONG_MS, reference: 'room 7' }));
  await execute(commands.commit(reservationOf(held), { amount: 250n }));
  const released = await execute(commands.reserve('bob', 5n, { timeoutMs: LONG_MS }));
  await execute(commands.release(reservationOf(released)));
  await play(execute);
  await execute(commands.setStatus('player-49', 'frozen'));
}

async function play(execute: (command: Command) => Promise<Answer>): Promise<void> {
  const target = { kind: 'table', tableId: 'oak' } as const;
  for (const player of ['player-3', 'player-4']) {
    const held = await execute(commands.reserve(player, 80n, { target, timeoutMs: LONG_MS }));
    await execute(commands.commit(reservationOf(held)));
  }
  const seats = [
    { seatId: 1, accountId: 'player-3' },
    { seatId: 2, accountId: 'player-4' },
  ];
  for (const handId of ['h1', 'h2']) {
    for (const seat of seats) await execute(commands.contribute({ tableId: 'oak', handId }, 30n, seat));
  }
  const winners = [{ seatId: 1, accountId: 'player-3', amount: 58n }];
  const settled = await execute({
    kind: 'settle-pot',
    tableId: 'oak',
    handId: 'h1',
    payout: { kind: 'winners', winners },
    rake: 2n,
    details: {},
  });
  invariant(settled.outcome.kind !== 'refusal', 'the pot is settled');
}

function reservationOf({ outcome }: Answer): Reservation {
  invariant(outcome.kind === 'reservation', `a reservation, not ${JSON.stringify(outcome.kind)}`);
  return outcome.reservation;
}

function originalOf({ outcome }: Answer): ReversibleTransaction {
  invariant(outcome.kind === 'transaction', 'a transaction');
  const { transactionId, type, entries } = outcome.transaction;
  const key = parseId(transactionId);
  invariant(key !== undefined, 'an id says where it is');
  const legs = entries.map(({ accountId, currency, amount }) => ({
    bucket: key.bucket,
    accountId,
    currency,
    amount,
  }));
  return { key, transactionId, type, legs };
}
