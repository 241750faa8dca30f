import { beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOf } from '@steelyard/domain/accounts';
import { seededRandom } from '@steelyard/testing/seed';
import {
  NEWEST_AUDIT_RECORDS,
  NEWEST_AUDIT_RECORDS_OF_ACCOUNT,
  NEWEST_AUDIT_RECORDS_OF_AGENT,
} from '../../src/infrastructure/postgres/audit/audit.sql.js';
import { granted } from '../support/granted.js';
import { useAudit } from '../support/use-audit.js';

/**
 * Lists of a long trail: `AUDIT_TRAIL_ROWS=10000000 npm test -w @steelyard/app-ledger -- audit-plans` makes ten
 * million records (some minutes, some 6 GB) and writes the quantiles of the lists to stderr.
 */
const ROWS = Number.parseInt(process.env['AUDIT_TRAIL_ROWS'] ?? '200000', 10);
const ROWS_PER_STATEMENT = 500_000;
const BUCKETS = 64;
const PAGE = 50;
const SAMPLES = 200;
const TIMEOUT_MS = 300_000 + ROWS / 5;
const chance = seededRandom();
const FIRST_MS = 1_700_000_000_000;

const ACCOUNTS_PER_BUCKET = 20;
const ACCOUNTS = accountsByBucket();

// Half of a bucket's records are of one account; every fifth record names an agent.
const GENERATE = `
  insert into ledger.audit_records (sequence, at_ms, record_id, bucket, hash_version, is_event, checksum, action,
                                    account_id, agent_id, content)
  select number / ${BUCKETS} + 1, ${FIRST_MS} + number * 10, gen_random_uuid(), number % ${BUCKETS}, 1, false,
         sha256(number::text::bytea), 'BALANCE_CHANGED',
         ($3::text[])[number % ${BUCKETS} * ${ACCOUNTS_PER_BUCKET} + 1 +
                      case when number / ${BUCKETS} % 2 = 0 then 0 else number / 128 % ${ACCOUNTS_PER_BUCKET} end],
         case when number % 5 = 0 then 'desk-' || number % 1000 end,
         '{"performedBy":"player","reason":"a reason as people give it","entryChecksum":"' || repeat('ab', 32) ||
         '","currency":"CHIPS","amount":-100,"balanceBefore":1000,"balanceAfter":900,"detail":{"type":"BET"}}'
  from generate_series($1::bigint, $2::bigint) as number`;

const audit = useAudit(BUCKETS);

beforeAll(async () => {
  for (let from = 0; from < ROWS; from += ROWS_PER_STATEMENT) {
    await audit.sql(GENERATE, [from, Math.min(from + ROWS_PER_STATEMENT, ROWS) - 1, ACCOUNTS]);
  }
  await audit.sql('vacuum analyze ledger.audit_records');
  await audit.sql('set plan_cache_mode = force_generic_plan');
}, TIMEOUT_MS);

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** The plan with which the app's prepared statement runs. */
async function planOf(
  statement: { name: string; text: string },
  values: readonly string[],
): Promise<PlanNode[]> {
  await audit.sql(`prepare ${statement.name} as ${statement.text}`);
  const [row] = await audit.sql<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `explain (analyze, format json) execute ${statement.name} (${values.join(', ')})`,
  );
  if (!row) throw new Error('there is a plan');
  return nodesOf(row['QUERY PLAN'][0].Plan);
}

const MIDDLE = [`${FIRST_MS + ROWS * 5}`, '7::smallint', '3', '0', `${PAGE}`];

describe('a page of a long trail', () => {
  it.each([
    ['of everybody', NEWEST_AUDIT_RECORDS, MIDDLE, 'audit_records_by_time'],
    ['of an agent', NEWEST_AUDIT_RECORDS_OF_AGENT, [...MIDDLE, `'desk-500'`], 'audit_records_by_agent'],
    [
      'of an account',
      NEWEST_AUDIT_RECORDS_OF_ACCOUNT,
      [...MIDDLE, `'${accountIn(7)}'`, `'{7}'`, 'null'],
      'audit_records_by_account',
    ],
  ])('%s is a stretch of its index', async (_what, statement, values, index) => {
    const nodes = await planOf(statement, values);
    expect(nodes.map((node) => node['Index Name'])).toContain(index);
    expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
    expect(nodes.map((node) => node['Node Type'])).not.toContain('Bitmap Heap Scan');
    // Nothing is read that is not shown.
    expect(Math.max(...nodes.map((node) => node['Actual Rows']))).toBeLessThanOrEqual(PAGE);
    expect(nodes.every((node) => (node['Rows Removed by Filter'] ?? 0) === 0)).toBe(true);
    expect(nodes[0]?.['Actual Rows']).toBeGreaterThan(0);
  });

  it.each([
    ['of everybody', () => ({})],
    ['of an agent', () => ({ agentId: `desk-${random(200) * 5}` })],
    ['of an account', () => ({ accountId: accountIn(random(BUCKETS), random(ACCOUNTS_PER_BUCKET)) })],
    ['of the last 24 hours', () => ({ fromMs: BigInt(FIRST_MS + ROWS * 10 - 86_400_000) })],
  ])(
    '%s is given anywhere in it, newest first',
    async (what, filter) => {
      const durations: number[] = [];
      for (let sample = 0; sample < SAMPLES; sample++) {
        const toMs = BigInt(FIRST_MS + random(ROWS) * 10);
        const startedAt = performance.now();
        const request = {
          accountId: '',
          agentId: '',
          limit: PAGE,
          cursor: '',
          ...(what === 'of the last 24 hours' ? {} : { toMs }),
          ...filter(),
        };
        const { records } = await granted(audit.listAuditRecords.execute(request));
        durations.push(performance.now() - startedAt);
        const instants = records.map(({ atMs }) => atMs);
        expect(instants).toEqual(instants.toSorted((a, b) => b - a));
      }
      durations.sort((a, b) => a - b);
      const quantile = (part: number): number => durations[Math.floor(part * (SAMPLES - 1))] ?? 0;
      if (process.env['AUDIT_TRAIL_ROWS'] !== undefined) {
        const [p50, p99] = [quantile(0.5), quantile(0.99)].map((ms) => ms.toFixed(2));
        process.stderr.write(`${ROWS} records, a page ${what}: p50 ${p50} ms, p99 ${p99} ms\n`);
      }
    },
    TIMEOUT_MS,
  );
});

/** Twenty accounts of each bucket, bucket after bucket. */
function accountsByBucket(): string[] {
  const found = Array.from({ length: BUCKETS }, (): string[] => []);
  for (let number = 0; found.some((ids) => ids.length < ACCOUNTS_PER_BUCKET); number++) {
    const id = `player-${number}`;
    const ids = found[bucketOf(id, BUCKETS)];
    if (ids && ids.length < ACCOUNTS_PER_BUCKET) ids.push(id);
  }
  return found.flat();
}

function accountIn(bucket: number, number = 0): string {
  return ACCOUNTS[bucket * ACCOUNTS_PER_BUCKET + number] ?? '';
}

function random(below: number): number {
  return chance.integer(0, below - 1);
}
