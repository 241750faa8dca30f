import { join } from 'node:path';
import type { Refusal } from '../answers/index.js';
import { isOperationKind, type OperationKind, type Operations } from '../operations/index.js';
import { AppendOnlyFile } from './append-only-file.js';
import type { JournalEntry } from './journal-record.js';

/**
 * - `refused`: the caller was let go on, and the service refuses the operation
 * - `too-late`: the service may have seen it, and no longer remembers whether it did; somebody has to look
 * - `not-understood`: the service answered something that is not understood, again and again
 * - `damaged`: a line of the journal cannot be read
 */
export type DiscrepancyReason = 'refused' | 'too-late' | 'not-understood' | 'damaged';

/** Where the world that went on and the service's books differ. */
export interface Discrepancy {
  readonly reason: DiscrepancyReason;
  readonly foundAt: Date;
  /** The operation; absent for a damaged line. */
  readonly operation?: JournalledOperation;
  /** Why the service refused it. */
  readonly refusal?: Refusal;
  /** The line that cannot be read. */
  readonly line?: string;
}

/** An operation as it was journalled. */
export type JournalledOperation = {
  readonly [Kind in OperationKind]: {
    readonly kind: Kind;
    readonly input: Operations[Kind];
    readonly idempotencyKey: string;
    readonly journalledAt: Date;
  };
}[OperationKind];

export type OnDiscrepancy = (discrepancy: Discrepancy) => void | Promise<void>;

/** Keeps every discrepancy in a file beside the journal, then reports it. */
export class DiscrepancyLog {
  private constructor(
    private readonly file: AppendOnlyFile,
    private readonly known: Set<string>,
    private readonly report: OnDiscrepancy,
  ) {}

  static async open(directory: string, report: OnDiscrepancy): Promise<DiscrepancyLog> {
    const { file, values } = await AppendOnlyFile.open(join(directory, 'discrepancies.ndjson'));
    return new DiscrepancyLog(file, new Set(values.filter(isDiscrepancy).map(identityOf)), report);
  }

  /** On the disk and reported when this returns; once, also when a crash makes the journal find it again. */
  async add(found: Omit<Discrepancy, 'foundAt'>): Promise<void> {
    const discrepancy = { ...found, foundAt: new Date() };
    const identity = identityOf(discrepancy);
    if (this.known.has(identity)) return;
    await this.file.append([discrepancy]);
    this.known.add(identity);
    await this.report(discrepancy);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** The operation of an entry, for people. */
export function operationOf({
  kind,
  input,
  idempotencyKey,
  journalledAtMs,
}: JournalEntry): JournalledOperation {
  const operation = { kind, input, idempotencyKey, journalledAt: new Date(journalledAtMs) };
  if (isJournalledOperation(operation)) return operation;
  throw new TypeError(`${kind} is no kind of operation`);
}

function isJournalledOperation(operation: { readonly kind: unknown }): operation is JournalledOperation {
  return isOperationKind(operation.kind);
}

function isDiscrepancy(value: unknown): value is Discrepancy {
  return typeof value === 'object' && value !== null && 'reason' in value;
}

function identityOf({ reason, operation, line = '' }: Omit<Discrepancy, 'foundAt'>): string {
  return JSON.stringify([reason, operation?.kind, operation?.idempotencyKey, line]);
}
