import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { ModelAnswer, ModelTransaction } from './model.types.js';

/** Something of the model, and the id that the platform gave to it in its answer. */
export interface GivenId {
  readonly subject: { id: string };
  readonly id: string;
}

/** The ids in an answer of the platform that is otherwise equal to the model's. */
export function givenIds(answer: ModelAnswer, { result }: balanceV1.Outcome): GivenId[] {
  if (answer.kind === 'transaction' && result?.$case === 'transaction') {
    return [{ subject: answer.transaction, id: result.value.transactionId }];
  }
  if (answer.kind === 'reservation' && result?.$case === 'reservation') {
    const { reservationId, transactionId } = result.value;
    const { reservation, transaction } = answer;
    const given = [{ subject: reservation, id: reservationId }];
    return transaction ? [...given, { subject: transaction, id: transactionId }] : given;
  }
  if (answer.kind === 'pot' && result?.$case === 'pot') {
    const { transactionId, payouts } = result.value;
    const paid = payouts.flatMap((payout, i) => {
      const subject = answer.transactions[i];
      return subject ? [{ subject, id: payout.transactionId }] : [];
    });
    const [only, ...others] = answer.transactions;
    return only && others.length === 0 ? [{ subject: only, id: transactionId }, ...paid] : paid;
  }
  return [];
}

/** The transactions that an answer tells of. */
export function transactionsOf(answer: ModelAnswer): readonly ModelTransaction[] {
  switch (answer.kind) {
    case 'transaction':
      return [answer.transaction];
    case 'reservation':
      return answer.transaction ? [answer.transaction] : [];
    case 'pot':
      return answer.transactions;
    default:
      return [];
  }
}

/** Under which name an answer is counted: what it is, and how far a reservation or pot has come by it. */
export function countedAs(answer: ModelAnswer): string {
  switch (answer.kind) {
    case 'refusal':
      return answer.code;
    case 'reservation':
    case 'pot':
      return `${answer.kind} ${answer.state['status']}`;
    default:
      return answer.kind;
  }
}
