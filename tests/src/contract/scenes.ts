import { eventually } from '@steelyard/testing/wait';
import { textIn, type RestCaller } from '../support/rest-caller.js';

/** The path of a step of a reservation. */
export const step = (id: string, verb: string): string => `/api/reservations/${id}/${verb}`;

/** Brings about, by requests of an operator, what a test needs to be there. Every name is new. */
export class Scenes {
  #names = 0;
  readonly #kept = new Map<string, Promise<string>>();

  constructor(private readonly operator: RestCaller) {}

  fresh(what: string): string {
    return `${what}-${this.#names++}`;
  }

  /** An account with money, unless said otherwise. */
  async account(more: object = {}): Promise<string> {
    const accountId = this.fresh('player');
    await this.operator.must('POST', `/api/accounts/${accountId}`, { initialBalance: 1_000, ...more });
    return accountId;
  }

  async closedAccount(): Promise<string> {
    const accountId = await this.account({ initialBalance: 0 });
    await this.operator.must('POST', `/api/accounts/${accountId}/close`, {});
    return accountId;
  }

  async frozenAccount(): Promise<string> {
    const accountId = await this.account();
    await this.freeze(accountId);
    return accountId;
  }

  async freeze(accountId: string): Promise<void> {
    await this.operator.must('POST', `/api/accounts/${accountId}/freeze`, {});
  }

  /** Held funds of an account; of a new one when none is named. */
  async reservation(body: object = { amount: 100 }, accountId?: string): Promise<string> {
    const path = `/api/accounts/${accountId ?? (await this.account())}/reservations`;
    return textIn(await this.operator.must('POST', path, body), 'reservationId');
  }

  async committed(body: object = {}): Promise<string> {
    const id = await this.reservation();
    await this.operator.must('POST', step(id, 'commit'), body);
    return id;
  }

  async released(): Promise<string> {
    const id = await this.reservation();
    await this.operator.must('POST', step(id, 'release'), {});
    return id;
  }

  async expired(): Promise<string> {
    const id = await this.reservation({ amount: 100, timeoutSeconds: 1 });
    const read = () => this.operator.must('GET', `/api/reservations/${id}`);
    await eventually(async () => (await read())['status'] === 'EXPIRED');
    return id;
  }

  /** A table at which the account has bought in, and the path of a hand that is not played yet. */
  async table(accountId: string, amount = 500): Promise<{ path: string; hand: string }> {
    const path = `/api/tables/${this.fresh('table')}`;
    await this.buyIn(path, accountId, amount);
    return { path, hand: `${path}/hands/${this.fresh('hand')}` };
  }

  async buyIn(path: string, accountId: string, amount: number): Promise<void> {
    const tableId = path.slice(path.lastIndexOf('/') + 1);
    const id = await this.reservation({ amount, tableId }, accountId);
    await this.operator.must('POST', step(id, 'commit'), {});
  }

  /** A hand to whose pot one seat has contributed 100. */
  async hand(): Promise<{ accountId: string; hand: string }> {
    const accountId = await this.account();
    const { hand } = await this.table(accountId);
    const bet = { seatId: 1, accountId, amount: 100, type: 'BET' };
    await this.operator.must('POST', `${hand}/contributions`, bet);
    return { accountId, hand };
  }

  async settledHand(): Promise<string> {
    const { accountId, hand } = await this.hand();
    await this.operator.must('POST', `${hand}/settle`, { winners: [{ seatId: 1, accountId, amount: 100 }] });
    return hand;
  }

  async cancelledHand(): Promise<string> {
    const { hand } = await this.hand();
    await this.operator.must('POST', `${hand}/cancel`, {});
    return hand;
  }

  /** Made once, then used again: a key means something only where it was used first. */
  once(name: string, make: () => Promise<string>): Promise<string> {
    const made = this.#kept.get(name) ?? make();
    this.#kept.set(name, made);
    return made;
  }
}
