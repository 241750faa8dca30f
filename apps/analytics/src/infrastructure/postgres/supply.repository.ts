import type { ServiceDatabase } from '@steelyard/platform/postgres';
import type { AccountKind } from '../../application/supply/account-kind.js';
import { SupplyReads } from '../../application/supply/supply-reads.port.js';
import type { SupplyFlow } from '../../application/supply/supply.js';
import { SUM_ALL, SUM_CURRENCY } from './supply.sql.js';

interface FlowRow {
  readonly currency: string;
  readonly type: string;
  readonly kind: AccountKind;
  readonly entries: bigint;
  readonly amount_in: string;
  readonly amount_out: string;
}

/** Rollups in PostgreSQL. */
export class SupplyRepository extends SupplyReads {
  constructor(private readonly database: ServiceDatabase) {
    super();
  }

  override async flows(currency: string | undefined): Promise<readonly SupplyFlow[]> {
    const query = currency === undefined ? SUM_ALL : { ...SUM_CURRENCY, values: [currency] };
    const { rows } = await this.database.pool.query<FlowRow>(query);
    return rows.map(
      ({ currency: code, type, kind, entries, amount_in: amountIn, amount_out: amountOut }) => ({
        currency: code,
        type,
        kind,
        entries,
        amountIn: BigInt(amountIn),
        amountOut: BigInt(amountOut),
      }),
    );
  }
}
