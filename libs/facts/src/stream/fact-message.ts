import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { factsV1 } from '@steelyard/contracts/grpc';
import { FACT_SUBJECT_PREFIX } from './names.js';

const DEPLOYMENT_HEADER = 'Steelyard-Deployment';

/** A fact as it is published. */
export interface FactMessage {
  readonly subject: string;
  readonly body: Uint8Array;
  /** The server stores messages with the same id once, within the stream's duplicate window. */
  readonly msgID: string;
  readonly headers: MsgHdrs;
}

/**
 * @param deploymentId of the database that the fact is of: sequences begin anew in every database, and facts of
 * several may be on one server, at the same time or one after another.
 */
export function factMessage(deploymentId: string, fact: factsV1.Fact): FactMessage {
  const { bucket, sequence } = fact;
  const own = headers();
  own.set(DEPLOYMENT_HEADER, deploymentId);
  return {
    subject: `${FACT_SUBJECT_PREFIX}.${bucket}`,
    body: factsV1.Fact.encode(fact).finish(),
    msgID: `${deploymentId}-${bucket}-${sequence}`,
    headers: own,
  };
}

/** The deployment that a message says it is of; undefined when it does not say. */
export function deploymentOf(message: { readonly headers?: MsgHdrs | undefined }): string | undefined {
  const id = message.headers?.get(DEPLOYMENT_HEADER);
  return id === '' ? undefined : id;
}
