import { GENESIS, isJsonObject } from '../ledger-chain/index.js';
import {
  AUDIT_HASH_VERSION,
  auditChecksumOf,
  auditRecordJson,
  type StoredAuditRecord,
} from './audit-record.js';
import { personalDigestOf, type PersonalData } from './personal-digest.js';

/** Where a bucket's chain of audit records ends. */
export interface AuditHead {
  /** 0 before the first record. */
  readonly sequence: bigint;
  /** Lower-case hex; GENESIS before the first record. */
  readonly checksum: string;
}

export const EMPTY_AUDIT_CHAIN: AuditHead = { sequence: 0n, checksum: GENESIS };

/** The end of the chain when a record is put behind `head`. */
export function chainAuditRecord(head: AuditHead, record: StoredAuditRecord): AuditHead {
  return {
    sequence: head.sequence + 1n,
    checksum: auditChecksumOf(auditRecordJson(record), head.checksum),
  };
}

/** What is kept of the person beside a record: nothing was recorded, it is there, or it was erased. */
export type KeptPersonalData = 'none' | 'erased' | PersonalData;

/** A record as it was read from storage, to be proved. */
export interface ChainedAuditRecord extends StoredAuditRecord, AuditHead {
  readonly hashVersion: number;
  readonly personal: KeptPersonalData;
}

/** The first record of a chain that does not agree, and why. */
export interface AuditFault {
  readonly sequence: bigint;
  readonly reason: string;
}

// What a record is found by comes out of columns. Moved into the content it would give the same text, and the
// record would not be found any more.
const MOVED_INTO_CONTENT = /^\{"(?:accountId|agentId|transactionId|entryId)":/;

/**
 * Recomputes one bucket's chain, record by record in sequence order: a changed, missing, reordered or inserted
 * record is found at its place. Records cut off at the end leave a valid shorter chain, so the caller compares
 * with the stored head afterwards ({@link endFault}), and the head with what was sealed.
 */
export class AuditChainVerifier {
  #head: AuditHead;

  /** @param proven how far the chain is proven already. */
  constructor(proven: AuditHead = EMPTY_AUDIT_CHAIN) {
    this.#head = proven;
  }

  get head(): AuditHead {
    return this.#head;
  }

  /** Proves the next record; the fault when it does not agree, and the chain must not be continued then. */
  next(record: ChainedAuditRecord): AuditFault | undefined {
    const sequence = this.#head.sequence + 1n;
    const fault = (reason: string): AuditFault => ({ sequence, reason });
    if (record.sequence !== sequence) return fault(`record ${sequence} is missing`);
    if (record.hashVersion !== AUDIT_HASH_VERSION) return fault(`unknown hash version ${record.hashVersion}`);
    if (MOVED_INTO_CONTENT.test(record.contentJson)) {
      return fault('what the record is found by was moved into its content');
    }
    const head = chainAuditRecord(this.#head, record);
    if (head.checksum !== record.checksum) return fault('checksum does not match the record');
    const personal = personalFault(record);
    if (personal !== undefined) return fault(personal);
    this.#head = head;
    return undefined;
  }

  /** The fault when the chain does not end where the bucket's head says it ends. */
  endFault(head: AuditHead): AuditFault | undefined {
    const { sequence, checksum } = this.#head;
    if (sequence < head.sequence) {
      return { sequence: sequence + 1n, reason: `record ${sequence + 1n} is missing from the end` };
    }
    if (sequence > head.sequence) {
      return { sequence: head.sequence + 1n, reason: 'there are more records than the head says' };
    }
    return checksum === head.checksum
      ? undefined
      : { sequence, reason: 'the head holds another last checksum' };
  }
}

function personalFault({ contentJson, personal }: ChainedAuditRecord): string | undefined {
  const digest = personalDigestIn(contentJson);
  if (digest === undefined) {
    return personal === 'none' ? undefined : 'personal data were put to a record that has none';
  }
  if (personal === 'none') return 'personal data are missing, and nobody erased them';
  if (personal === 'erased' || personalDigestOf(personal) === digest) return undefined;
  return 'personal data are not those that were recorded';
}

function personalDigestIn(contentJson: string): string | undefined {
  // Almost no record has one: it is not worth parsing them all.
  if (!contentJson.includes('"personalDigest":')) return undefined;
  const content: unknown = JSON.parse(contentJson);
  const digest = isJsonObject(content) ? content['personalDigest'] : undefined;
  return typeof digest === 'string' ? digest : undefined;
}
