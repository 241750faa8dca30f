import type { balanceV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import {
  ACCESS,
  type AccessRule,
  type AccountAccess,
  type Caller,
  isSelfCaller,
} from '@steelyard/rest/access';
import { type AccountReader, commandBytes, type CommandDispatcher } from '@steelyard/rest/balance';
import {
  attribute,
  changeBody,
  command,
  depositBody,
  type Posted,
  postedOf,
  transferBody,
  withdrawBody,
} from '@steelyard/rest/posting';
import { isRefused, refused, type Refused } from '@steelyard/rest/refusals';
import type { BatchItem, BatchMode } from './batch-item.js';
import { inCalls } from './in-calls.js';

/** Every atomic batch is a call of its own, so one group number is enough. */
const ATOMIC_GROUP = 1;
const OTHER_ITEM_REFUSED = refused('ATOMIC_BATCH_REFUSED', 'Another item of the atomic batch was refused');

/** What became of one item. */
export type BatchResult = (Posted & { readonly showsReceiver: boolean }) | Refused;

/** Executes many movements in order, each under its own key and each authorised on its own. */
export class ExecuteBatchHandler {
  constructor(
    private readonly dispatcher: CommandDispatcher,
    private readonly access: AccountAccess,
    private readonly accounts: AccountReader,
  ) {}

  /**
   * One result an item, in order; items that are refusals already (malformed ones) keep their place. A refusal
   * as the whole result: the atomic batch does not fit one call. Throws an outage when the outcome of some items
   * is unknown; sending the whole batch again is safe.
   */
  async execute(
    caller: Caller,
    mode: BatchMode,
    items: readonly (BatchItem | Refused)[],
  ): Promise<readonly BatchResult[] | Refused> {
    const group = mode === 'atomic' ? ATOMIC_GROUP : 0;
    // Everybody with a role reaches every account, and then nothing has to be read.
    const prepared = isSelfCaller(caller)
      ? await Promise.all(items.map((item) => this.#prepareOwn(caller, group, item)))
      : items.map((item) => prepare(caller, group, item));
    const commands = prepared.filter((entry): entry is balanceV1.Command => !isRefused(entry));
    if (mode === 'atomic' && commands.length < prepared.length) {
      return prepared.map((entry) => (isRefused(entry) ? entry : OTHER_ITEM_REFUSED));
    }
    const outcomes = await this.#send(mode, commands);
    if (isRefused(outcomes)) return outcomes;
    let next = 0;
    return prepared.map((entry) => (isRefused(entry) ? entry : resultOf(caller, outcomes[next++])));
  }

  async #send(
    mode: BatchMode,
    commands: readonly balanceV1.Command[],
  ): Promise<balanceV1.Outcome[] | Refused> {
    const calls = inCalls(commands, commandBytes, this.dispatcher.limits);
    if (mode === 'atomic' && calls.length > 1) {
      return refused('PAYLOAD_TOO_LARGE', 'An atomic batch of this size does not fit one call');
    }
    const outcomes: balanceV1.Outcome[] = [];
    // One after the other: items keep their order.
    for (const call of calls) outcomes.push(...(await this.dispatcher.executeTogether(call)));
    return outcomes;
  }

  async #prepareOwn(
    caller: Caller,
    group: number,
    item: BatchItem | Refused,
  ): Promise<balanceV1.Command | Refused> {
    if (isRefused(item)) return item;
    const rule = ruleOf(item);
    const denied =
      item.type === 'TRANSFER'
        ? await this.access.reach(rule, caller, item.from)
        : await this.access.reach(rule, caller, item.accountId);
    if (denied) return denied;
    if (rule === ACCESS.deposit && item.type !== 'TRANSFER' && !this.access.allowsSelf('create')) {
      const account = await this.accounts.find(item.accountId);
      if (!account) return refused('ACCOUNT_NOT_FOUND', 'The account does not exist');
    }
    return prepare(caller, group, item);
  }
}

function prepare(
  caller: Caller,
  atomicGroup: number,
  item: BatchItem | Refused,
): balanceV1.Command | Refused {
  if (isRefused(item)) return item;
  const by = attribute(caller, item);
  if (isRefused(by)) return by;
  return { ...command(item.idempotencyKey, bodyOf(item, by)), atomicGroup };
}

function bodyOf(
  item: BatchItem,
  by: Parameters<typeof depositBody>[1],
): NonNullable<balanceV1.Command['body']> {
  switch (item.type) {
    case 'DEPOSIT':
      return depositBody(item, by);
    case 'BONUS':
    case 'REFERRAL':
      return depositBody({ ...item, source: item.type }, by);
    case 'WITHDRAW':
      return withdrawBody(item, by);
    case 'WAGER':
    case 'SETTLEMENT':
    case 'ADJUSTMENT':
      return changeBody(item, by);
    case 'TRANSFER':
      return transferBody({ ...item, type: '' }, by);
  }
}

function ruleOf(item: BatchItem): AccessRule {
  switch (item.type) {
    case 'DEPOSIT':
    case 'BONUS':
    case 'REFERRAL':
      return ACCESS.deposit;
    case 'WITHDRAW':
      return ACCESS.withdraw;
    case 'WAGER':
    case 'SETTLEMENT':
    case 'ADJUSTMENT':
      return ACCESS.changeBalance;
    case 'TRANSFER':
      return ACCESS.transfer;
  }
}

function resultOf(caller: Caller, outcome: balanceV1.Outcome | undefined): BatchResult {
  invariant(outcome, 'there is one outcome for every command');
  const posted = postedOf(outcome);
  // Whether a caller without a role owns the receiver too is not worth a read for each of thousands of items.
  return isRefused(posted) ? posted : { ...posted, showsReceiver: !isSelfCaller(caller) };
}
