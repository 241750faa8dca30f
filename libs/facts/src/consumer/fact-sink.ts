import { factsV1 } from '@steelyard/contracts/grpc';
import { OutageError } from '@steelyard/platform/outage';
import { RpcError, serve, type RpcHandlers, type ServedService } from '@steelyard/platform/rpc';
import type { InboxOutcome } from '../inbox/index.js';
import type { FactIntake } from './fact-intake.js';

type SinkHandlers = RpcHandlers<typeof factsV1.FactConsumerServiceService>;

/** What one transaction can take without holding its bucket for long. */
const FACTS_MAX = 10_000;

/** The service that facts are pushed to. A gap is answered with where it begins: the sender has what is missing. */
export function factSink(intake: FactIntake): ServedService {
  const handlers: SinkHandlers = {
    deliver: async ({ bucket, facts }) => {
      if (facts.length > 0 && facts[0]?.bucket !== bucket) throw invalid('the bucket of its first fact');
      if (facts.length > FACTS_MAX) throw invalid(`at most ${FACTS_MAX} facts`);
      const outcomes =
        facts.length > 0 ? [...(await intake.applyAll(facts))] : await standing(intake, bucket);
      const taken = outcomes.find(
        ([, { obstacle, applied }]) => obstacle?.reason !== 'failing' || applied.length > 0,
      );
      // An answer would make the sender try at once; this makes it wait.
      if (taken === undefined) throw new OutageError(`facts of bucket ${bucket} cannot be applied for now`);
      const applied = outcomes.map(([own, { through }]) => ({ bucket: own, sequence: through }));
      return { appliedThrough: applied.find((place) => place.bucket === bucket)?.sequence ?? 0n, applied };
    },
  };
  return serve(factsV1.FactConsumerServiceService, handlers);
}

/** A delivery without facts asks how far the bucket is. */
async function standing(intake: FactIntake, bucket: number): Promise<[number, InboxOutcome][]> {
  return [[bucket, await intake.apply(bucket, [])]];
}

function invalid(expected: string): RpcError {
  return new RpcError('INVALID_ARGUMENT', `a delivery holds ${expected}`);
}
