import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { Body, BodyOf } from './model.types.js';

/**
 * A command before it is known in which run it is executed: account and table ids, keys, and ids of transactions and
 * reservations that begin with % stand for those of the run, so that any part of a sequence can be executed again on
 * fresh accounts.
 */
export interface Operation {
  readonly index: number;
  /** Operations of one batch are sent in one request. */
  readonly batch: number;
  /** When: milliseconds since the run began; the same for all of a batch. */
  readonly atMs: number;
  readonly command: balanceV1.Command;
}

/** What the placeholders stand for. */
export interface RunNames {
  readonly prefix: string;
  /** Ids of the platform by the index of the operation that they were given to. */
  readonly transactionIds: ReadonlyMap<number, string>;
  readonly reservationIds: ReadonlyMap<number, string>;
}

/** An id of the right form that nothing has. */
const NOWHERE = '00000000-0000-7000-8000-00000000ff00';

/** The operation as a command of this run. */
export function commandOf({ command }: Operation, names: RunNames): balanceV1.Command {
  const { idempotencyKey, body } = command;
  return { ...command, idempotencyKey: nameOf(idempotencyKey, names), body: body && bodyOf(body, names) };
}

function bodyOf(body: Body, names: RunNames): Body {
  switch (body.$case) {
    case 'transfer': {
      const { fromAccountId, toAccountId } = body.value;
      const accounts = {
        fromAccountId: nameOf(fromAccountId, names),
        toAccountId: nameOf(toAccountId, names),
      };
      return { $case: 'transfer', value: { ...body.value, ...accounts } };
    }
    case 'reverse': {
      const transactionId = idOf(body.value.transactionId, names);
      return { $case: 'reverse', value: { ...body.value, transactionId } };
    }
    case 'settlePot':
      return { $case: 'settlePot', value: settlementOf(body.value, names) };
    default: {
      // The spread keeps the members of the case; TypeScript loses which one it is.
      return { $case: body.$case, value: { ...body.value, ...namedIn(body.value, names) } } as Body;
    }
  }
}

function namedIn(value: object, names: RunNames): object {
  const named: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === 'accountId' || name === 'tableId') named[name] = nameOf(String(member), names);
    if (name === 'reservationId') named[name] = idOf(String(member), names);
    if (name === 'target' && member) named[name] = targetOf(member as TargetOf, names);
  }
  return named;
}

type TargetOf = NonNullable<BodyOf<'reserve'>['target']>;

function targetOf({ $case, value }: TargetOf, names: RunNames): TargetOf {
  return { $case, value: nameOf(value, names) };
}

function settlementOf(wanted: BodyOf<'settlePot'>, names: RunNames): BodyOf<'settlePot'> {
  const named = <Item extends { accountId: string }>(items: readonly Item[]): Item[] =>
    items.map((item) => ({ ...item, accountId: nameOf(item.accountId, names) }));
  const { payout } = wanted;
  const tableId = nameOf(wanted.tableId, names);
  switch (payout?.$case) {
    case 'winners': {
      const winners = named(payout.value.winners);
      return { ...wanted, tableId, payout: { $case: 'winners', value: { winners } } };
    }
    case 'showdown': {
      const hands = named(payout.value.hands);
      return { ...wanted, tableId, payout: { $case: 'showdown', value: { hands } } };
    }
    case undefined:
      return { ...wanted, tableId };
  }
}

/** %t and %r before an index: the id of its transaction or of its reservation. */
function idOf(text: string, { transactionIds, reservationIds }: RunNames): string {
  if (!text.startsWith('%')) return text;
  const ids = text.startsWith('%t') ? transactionIds : reservationIds;
  return ids.get(Number.parseInt(text.slice(2), 10)) ?? NOWHERE;
}

function nameOf(text: string, { prefix }: RunNames): string {
  return text.startsWith('%') ? prefix + text.slice(1) : text;
}
