import type { balanceV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import { refusalOf } from '@steelyard/rest/posting';
import type { Refused } from '@steelyard/rest/refusals';

/** A pot as it is after a command. */
export interface PotChanged {
  readonly kind: 'potChanged';
  /** This is the first answer again. */
  readonly replayed: boolean;
  readonly pot: balanceV1.PotOutcome;
}

/** What became of a command on a pot. */
export function potChangedOf({ result, replayed }: balanceV1.Outcome): PotChanged | Refused {
  if (result?.$case === 'refusal') return refusalOf(result.value);
  invariant(result?.$case === 'pot', 'a pot command answers with the pot');
  return { kind: 'potChanged', replayed, pot: result.value };
}
