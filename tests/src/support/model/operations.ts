import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { Body } from './model.types.js';

/**
 * A command before it is known in which run it is executed: account ids, keys and transaction ids that begin with
 * % stand for those of the run, so that any part of a sequence can be executed again on fresh accounts.
 */
export interface Operation {
  readonly index: number;
  /** Operations of one batch are sent in one request. */
  readonly batch: number;
  readonly command: balanceV1.Command;
}

/** What the placeholders stand for. */
export interface RunNames {
  readonly prefix: string;
  /** Transaction ids by the index of the operation that became them. */
  readonly transactionIds: ReadonlyMap<number, string>;
}

/** An id of the right form that no transaction has. */
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
      const { transactionId } = body.value;
      const index = Number.parseInt(transactionId.slice(1), 10);
      const id = transactionId.startsWith('%') ? (names.transactionIds.get(index) ?? NOWHERE) : transactionId;
      return { $case: 'reverse', value: { ...body.value, transactionId: id } };
    }
    default: {
      const value = { ...body.value, accountId: nameOf(body.value.accountId, names) };
      // The spread keeps the members of the case; TypeScript loses which one it is.
      return { $case: body.$case, value } as Body;
    }
  }
}

function nameOf(text: string, { prefix }: RunNames): string {
  return text.startsWith('%') ? prefix + text.slice(1) : text;
}
