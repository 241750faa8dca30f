import type { NodePlace } from '@steelyard/domain/merkle';
import {
  SealReads,
  type EntryPlace,
  type SealPosition,
  type StoredSeal,
  type StoredSealBucket,
  type StoredSigningKey,
} from '../../application/sealing/seal-reads.port.js';
import { toMs } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';
import {
  FIND_AUDIT_CHECKSUM,
  FIND_ENTRY_PLACE,
  FIND_LATEST_SEAL,
  FIND_LEAF_MARKS,
  FIND_NODES,
  FIND_PREVIOUS_THROUGH,
  FIND_SEAL,
  FIND_SEAL_BUCKETS,
  FIND_SEAL_OF_FACT,
  LIST_SEALS,
  LIST_SIGNING_KEYS,
} from './seal-reads.sql.js';
import { READ_ORIGIN, READ_POSITIONS } from './sealing.sql.js';

interface SealRow {
  readonly seal: bigint;
  readonly sealed_at_ms: bigint;
  readonly facts: bigint;
  readonly entries: bigint;
  readonly total_facts: bigint;
  readonly total_entries: bigint;
  readonly leaf: string;
  readonly leaf_hash: Buffer;
  readonly root_hash: Buffer;
  readonly note: string;
}

interface SealBucketRow {
  readonly bucket: number;
  readonly seal: bigint;
  readonly after_sequence: bigint;
  readonly through_sequence: bigint;
  readonly facts: bigint;
  readonly entries: bigint;
  readonly root_hash: Buffer;
  readonly leaf: string;
}

interface SigningKeyRow {
  readonly name: string;
  readonly verifier_key: string;
  readonly public_key_pem: string;
  readonly first_tree_size: bigint;
  readonly last_tree_size: bigint;
}

interface EntryPlaceRow {
  readonly bucket: number;
  readonly fact_sequence: bigint;
  readonly account_id: string;
  readonly sequence: bigint;
  readonly committed_at_ms: bigint;
}

export class SealRepository extends SealReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async origin(): Promise<string | undefined> {
    const { rows } = await this.database.pool.query<{ origin: string }>(READ_ORIGIN);
    return rows[0]?.origin;
  }

  override async latest(): Promise<StoredSeal | undefined> {
    const { rows } = await this.database.pool.query<SealRow>(FIND_LATEST_SEAL);
    return rows.map(sealOf)[0];
  }

  override async find(seal: bigint): Promise<StoredSeal | undefined> {
    const { rows } = await this.database.pool.query<SealRow>({ ...FIND_SEAL, values: [seal] });
    return rows.map(sealOf)[0];
  }

  override async listBefore(before: bigint, limit: number): Promise<readonly StoredSeal[]> {
    const { rows } = await this.database.pool.query<SealRow>({ ...LIST_SEALS, values: [before, limit] });
    return rows.map(sealOf);
  }

  override async bucketsOf(seal: bigint): Promise<readonly StoredSealBucket[]> {
    const values = [seal, this.database.buckets()];
    const { rows } = await this.database.pool.query<SealBucketRow>({ ...FIND_SEAL_BUCKETS, values });
    return rows.map(sealBucketOf);
  }

  override async sealOfFact(bucket: number, factSequence: bigint): Promise<StoredSealBucket | undefined> {
    const values = [bucket, factSequence];
    const { rows } = await this.database.pool.query<SealBucketRow>({ ...FIND_SEAL_OF_FACT, values });
    return rows.map(sealBucketOf)[0];
  }

  override async throughBefore(bucket: number, seal: bigint): Promise<bigint> {
    const values = [bucket, seal];
    const { rows } = await this.database.pool.query<{ through_sequence: bigint }>({
      ...FIND_PREVIOUS_THROUGH,
      values,
    });
    return rows[0]?.through_sequence ?? 0n;
  }

  override async auditChecksum(bucket: number, sequence: bigint): Promise<string | undefined> {
    const values = [bucket, sequence];
    const { rows } = await this.database.pool.query<{ checksum: string }>({ ...FIND_AUDIT_CHECKSUM, values });
    return rows[0]?.checksum;
  }

  override async leafMarks(bucket: number, seal: bigint): Promise<Uint8Array> {
    const values = [bucket, seal];
    const { rows } = await this.database.pool.query<{ leaf_marks: Buffer }>({ ...FIND_LEAF_MARKS, values });
    return rows[0]?.leaf_marks ?? new Uint8Array();
  }

  override async nodes(places: readonly NodePlace[]): Promise<readonly (Uint8Array | undefined)[]> {
    if (places.length === 0) return [];
    const values = [places.map(({ level }) => level), places.map(({ index }) => index)];
    const { rows } = await this.database.pool.query<{ hash: Buffer | null }>({ ...FIND_NODES, values });
    return rows.map(({ hash }) => hash ?? undefined);
  }

  override async positions(): Promise<readonly SealPosition[]> {
    const values = [this.database.buckets()];
    const { rows } = await this.database.pool.query<SealPosition>({ ...READ_POSITIONS, values });
    return rows;
  }

  override async signingKeys(): Promise<readonly StoredSigningKey[]> {
    const { rows } = await this.database.pool.query<SigningKeyRow>(LIST_SIGNING_KEYS);
    return rows.map((row) => ({
      name: row.name,
      verifierKey: row.verifier_key,
      publicKeyPem: row.public_key_pem,
      firstTreeSize: row.first_tree_size,
      lastTreeSize: row.last_tree_size,
    }));
  }

  override async findEntry(
    home: { readonly bucket: number; readonly sequence: bigint },
    ordinal: number,
  ): Promise<EntryPlace | undefined> {
    const values = [home.bucket, home.sequence, ordinal];
    const { rows } = await this.database.pool.query<EntryPlaceRow>({ ...FIND_ENTRY_PLACE, values });
    return rows.map((row) => ({
      bucket: row.bucket,
      factSequence: row.fact_sequence,
      accountId: row.account_id,
      sequence: row.sequence,
      committedAtMs: toMs(row.committed_at_ms),
    }))[0];
  }
}

function sealOf(row: SealRow): StoredSeal {
  return {
    seal: row.seal,
    sealedAtMs: toMs(row.sealed_at_ms),
    facts: row.facts,
    entries: row.entries,
    totalFacts: row.total_facts,
    totalEntries: row.total_entries,
    leaf: row.leaf,
    leafHash: row.leaf_hash,
    rootHash: row.root_hash,
    note: row.note,
  };
}

function sealBucketOf(row: SealBucketRow): StoredSealBucket {
  return {
    bucket: row.bucket,
    seal: row.seal,
    after: row.after_sequence,
    through: row.through_sequence,
    facts: row.facts,
    entries: row.entries,
    rootHash: row.root_hash,
    leaf: row.leaf,
  };
}
