import { toHex, type NodePlace } from '@steelyard/domain/merkle';
import { GENESIS } from '@steelyard/domain/ledger-chain';
import { invariant } from '@steelyard/domain/result';
import { inTransaction } from '@steelyard/platform/postgres';
import type { PoolClient } from 'pg';
import type { SealPosition } from '../../application/sealing/seal-reads.port.js';
import {
  SealSession,
  SealStore,
  type AuditHead,
  type LogState,
  type NewSeal,
  type NewSealBucket,
} from '../../application/sealing/seal-store.port.js';
import { toMs } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';
import { FIND_NODES } from './seal-reads.sql.js';
import {
  BEGIN_SEALING,
  FIND_SEALED_AT,
  HAS_AUDIT_HEADS,
  INSERT_NODES,
  INSERT_SEAL,
  INSERT_SEAL_BUCKET,
  LOCK_SEALING,
  READ_AUDIT_HEADS,
  READ_ORIGIN,
  READ_POSITIONS,
  SAVE_SEALING,
  SAVE_SIGNING_KEY,
} from './sealing.sql.js';

interface LogRow {
  readonly origin: string;
  readonly seals: bigint;
  readonly facts: bigint;
  readonly entries: bigint;
  readonly previous_leaf_hash: Buffer | null;
}

interface AuditHeadRow {
  readonly bucket: number;
  readonly sequence: bigint;
  readonly checksum: Buffer;
}

export class SealStoreRepository extends SealStore {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async seal<Result>(
    origin: string,
    work: (session: SealSession) => Promise<Result>,
  ): Promise<Result | undefined> {
    const { pool } = this.database;
    const buckets = this.database.buckets();
    const { rowCount } = await pool.query(READ_ORIGIN);
    if (rowCount === 0) await pool.query({ ...BEGIN_SEALING, values: [origin] });
    return inTransaction(
      pool,
      async (client) => {
        const { rows } = await client.query<LogRow>(LOCK_SEALING);
        const [row] = rows;
        if (row === undefined) return undefined;
        return work(new PostgresSealSession(client, buckets, logOf(row)));
      },
      // The work is long, and the next turn does the same again.
      { attemptsMax: 1 },
    );
  }
}

class PostgresSealSession extends SealSession {
  constructor(
    private readonly client: PoolClient,
    private readonly buckets: number,
    override readonly log: LogState,
  ) {
    super();
  }

  override async positions(): Promise<readonly SealPosition[]> {
    const { rows } = await this.client.query<SealPosition>({ ...READ_POSITIONS, values: [this.buckets] });
    return rows;
  }

  override async auditHeads(): Promise<ReadonlyMap<number, AuditHead>> {
    const { rows: known } = await this.client.query<{ has: boolean }>(HAS_AUDIT_HEADS);
    if (known[0]?.has !== true) return new Map();
    const { rows } = await this.client.query<AuditHeadRow>(READ_AUDIT_HEADS);
    return new Map(rows.flatMap((row) => (row.sequence > 0n ? [[row.bucket, auditHeadOf(row)]] : [])));
  }

  override async nodes(places: readonly NodePlace[]): Promise<readonly (Uint8Array | undefined)[]> {
    if (places.length === 0) return [];
    const values = [places.map(({ level }) => level), places.map(({ index }) => index)];
    const { rows } = await this.client.query<{ hash: Buffer | null }>({ ...FIND_NODES, values });
    return rows.map(({ hash }) => hash ?? undefined);
  }

  override async lastSealedAtMs(): Promise<number> {
    const { rows } = await this.client.query<{ sealed_at_ms: bigint }>({
      ...FIND_SEALED_AT,
      values: [this.log.seals],
    });
    const [row] = rows;
    invariant(row !== undefined || this.log.seals === 0n, 'the last seal is missing: restore ledger.seals');
    return row === undefined ? 0 : toMs(row.sealed_at_ms);
  }

  override async saveBucket(bucket: NewSealBucket): Promise<void> {
    const { audit } = bucket;
    const values = [
      bucket.bucket,
      bucket.seal,
      bucket.after,
      bucket.through,
      bucket.facts,
      bucket.entries,
      audit.sequence,
      audit.checksum === GENESIS ? '' : audit.checksum,
      bucket.rootHash,
      bucket.leaf,
      bucket.leafMarks,
    ];
    await this.client.query({ ...INSERT_SEAL_BUCKET, values });
  }

  override async saveSeal(seal: NewSeal): Promise<void> {
    const { nodes } = seal;
    await this.client.query({
      ...INSERT_NODES,
      values: [
        nodes.map(({ level }) => level),
        nodes.map(({ index }) => index),
        nodes.map(({ hash }) => Buffer.from(hash)),
      ],
    });
    await this.client.query({ ...INSERT_SEAL, values: sealValues(seal) });
    for (const { verifierKey, name, publicKeyPem } of seal.signedWith) {
      const values = [verifierKey, name, publicKeyPem, seal.seal];
      await this.client.query({ ...SAVE_SIGNING_KEY, values });
    }
    const values = [seal.seal, seal.totalFacts, seal.totalEntries, seal.leafHash];
    await this.client.query({ ...SAVE_SEALING, values });
  }
}

function logOf(row: LogRow): LogState {
  const { origin, seals, facts, entries, previous_leaf_hash: previous } = row;
  return { origin, seals, facts, entries, previousLeafHash: previous ?? undefined };
}

function auditHeadOf({ sequence, checksum }: AuditHeadRow): AuditHead {
  return { sequence, checksum: toHex(checksum) };
}

function sealValues(seal: NewSeal): unknown[] {
  return [
    seal.seal,
    seal.sealedAtMs,
    seal.facts,
    seal.entries,
    seal.totalFacts,
    seal.totalEntries,
    seal.leaf,
    seal.leafHash,
    seal.rootHash,
    seal.note,
  ];
}
