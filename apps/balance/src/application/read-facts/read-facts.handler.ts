import type { FactHeads, FactStretch, FactTail } from './fact-tail.port.js';

export interface ReadFactsQuery {
  readonly bucket: number;
  readonly afterSequence: bigint;
  /** The most facts to return. */
  readonly limit: number;
}

// With its envelope below the megabyte that a NATS server carries in one message.
const PAGE_BYTES_MAX = 512 * 1024;

/** Committed facts, for whoever missed some or derives everything anew. */
export class ReadFactsHandler {
  constructor(private readonly tail: FactTail) {}

  /** A page may be shorter than its limit; it is empty only at the head. @throws FactIntegrityError */
  read({ bucket, afterSequence, limit }: ReadFactsQuery): Promise<FactStretch> {
    return this.tail.read(bucket, afterSequence, { factsMax: limit, bytesMax: PAGE_BYTES_MAX });
  }

  heads(): Promise<FactHeads> {
    return this.tail.heads();
  }
}
