import { factsV1 } from '@steelyard/contracts/grpc';
import { OutageError } from '@steelyard/platform/outage';
import { RpcError, serve, type RpcHandlers, type ServedService } from '@steelyard/platform/rpc';
import type { FactIntake } from './fact-intake.js';

type SinkHandlers = RpcHandlers<typeof factsV1.FactConsumerServiceService>;

/** What one transaction can take without holding its bucket for long. */
const FACTS_MAX = 10_000;

/** The service that facts are pushed to. A gap is answered with where it begins: the sender has what is missing. */
export function factSink(intake: FactIntake): ServedService {
  const handlers: SinkHandlers = {
    deliver: async ({ bucket, facts }) => {
      if (facts.length > FACTS_MAX) throw invalid(`at most ${FACTS_MAX} facts`);
      if (facts.some((fact) => fact.bucket !== bucket)) throw invalid(`facts of bucket ${bucket} only`);
      const { through, applied, obstacle } = await intake.apply(bucket, facts);
      // An answer would make the sender try at once; this makes it wait.
      if (obstacle?.reason === 'failing' && applied.length === 0) {
        throw new OutageError(`the fact after ${through} of bucket ${bucket} cannot be applied for now`);
      }
      return { appliedThrough: through };
    },
  };
  return serve(factsV1.FactConsumerServiceService, handlers);
}

function invalid(expected: string): RpcError {
  return new RpcError('INVALID_ARGUMENT', `a delivery holds ${expected}`);
}
