import type { Pool } from '@steelyard/platform/postgres';
import {
  FactPositions,
  type DuePlace,
  type FailedDelivery,
  type Lag,
  type Place,
  type PlaceKey,
  type PositionMove,
} from '../../application/publish-facts/fact-positions.port.js';
import { toMs } from './account-row.js';
import * as sql from './fact-positions.sql.js';

export interface LeaseSettings {
  /** Names this process among all that deliver. */
  readonly owner: string;
  readonly leaseMs: number;
  /** The longest that one attempt takes: no attempt is begun on a lease that ends sooner. */
  readonly attemptMaxMs: number;
  /** A failed attempt could not be logged; nothing else depends on it. */
  readonly onLogFailed: (error: unknown) => void;
}

const REASON_LENGTH_MAX = 500;

export class FactPositionsRepository extends FactPositions {
  readonly #pool: Pool;
  readonly #settings: LeaseSettings;

  constructor(pool: Pool, settings: LeaseSettings) {
    super();
    this.#pool = pool;
    this.#settings = settings;
  }

  async open(consumers: readonly string[]): Promise<void> {
    await this.#pool.query({ ...sql.OPEN_POSITIONS, values: [consumers] });
  }

  async due(consumers: readonly string[]): Promise<readonly DuePlace[]> {
    const { owner, attemptMaxMs } = this.#settings;
    const values = [consumers, owner, attemptMaxMs];
    type Row = Omit<DuePlace, 'isLeased'> & { readonly is_leased: boolean };
    const { rows } = await this.#pool.query<Row>({ ...sql.READ_DUE_PLACES, values });
    return rows.map(({ is_leased: isLeased, ...place }) => ({ ...place, isLeased }));
  }

  async claim(places: readonly PlaceKey[]): Promise<readonly Place[]> {
    const { owner, leaseMs } = this.#settings;
    const keys = [places.map(({ bucket }) => bucket), places.map(({ consumer }) => consumer)];
    const values = [...keys, owner, leaseMs];
    const { rows } = await this.#pool.query<Place>({ ...sql.CLAIM_PLACES, values });
    return rows;
  }

  async move(moves: readonly PositionMove[]): Promise<readonly boolean[]> {
    const { owner, leaseMs } = this.#settings;
    const values = [
      moves.map(({ bucket }) => bucket),
      moves.map(({ consumer }) => consumer),
      moves.map(({ from }) => from),
      moves.map(({ to }) => to),
      owner,
      leaseMs,
      moves.map(({ keepsLease }) => keepsLease),
    ];
    const { rows } = await this.#pool.query<PlaceKey>({ ...sql.MOVE_POSITIONS, values });
    const moved = new Set(rows.map(textOf));
    return moves.map((move) => moved.has(textOf(move)));
  }

  async fail({ attempt, pauseMs, ...failed }: FailedDelivery): Promise<void> {
    const { bucket, consumer } = failed;
    const values = [bucket, consumer, this.#settings.owner, attempt, pauseMs];
    await this.#pool.query({ ...sql.FAIL_PLACE, values });
    if (!isPowerOfTwo(attempt)) return;
    const reason = failed.reason.slice(0, REASON_LENGTH_MAX);
    const row = [bucket, consumer, failed.afterSequence, failed.facts, attempt, reason];
    await this.#pool
      .query({ ...sql.LOG_FAILED_DELIVERY, values: row })
      .catch((error: unknown) => this.#settings.onLogFailed(error));
  }

  async endPauses(consumer: string): Promise<void> {
    await this.#pool.query({ ...sql.END_PAUSES, values: [consumer] });
  }

  async releaseAll(): Promise<void> {
    await this.#pool.query({ ...sql.RELEASE_PLACES, values: [this.#settings.owner] });
  }

  async lags(consumers: readonly string[]): Promise<readonly Lag[]> {
    type Row = { consumer: string; facts: bigint; age_ms: bigint };
    const { rows } = await this.#pool.query<Row>({ ...sql.READ_LAGS, values: [consumers] });
    return rows.map(({ consumer, facts, age_ms: ageMs }) => ({ consumer, facts, ageMs: toMs(ageMs) }));
  }
}

function textOf({ bucket, consumer }: PlaceKey): string {
  return `${bucket}/${consumer}`;
}

function isPowerOfTwo(n: number): boolean {
  return (n & (n - 1)) === 0;
}
