import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { factsV1 } from '@steelyard/contracts/grpc';
import { FactConsumer, type FactConfig } from '@steelyard/facts/consumer';
import { createFactInbox, type FactHandler } from '@steelyard/facts/inbox';
import { createLogger } from '@steelyard/platform/observability';
import type { Pool } from '@steelyard/platform/postgres';
import { Registry } from 'prom-client';

/** A consumer that writes down every entry it is given, in the order in which it takes effect. */
export interface Recorder {
  /** What is wrong with what was written, one line a fault: of each account, every entry once and in order. */
  faults(): Promise<readonly string[]>;
  entries(): Promise<number>;
  stop(): Promise<void>;
}

export interface RecorderSettings {
  readonly pool: Pool;
  readonly balanceGrpcPort: number;
  /** With it facts come from JetStream. */
  readonly natsUrl?: string;
  /** Where facts are pushed to. */
  readonly listenPort?: number;
}

const LATER_MS = 3_600_000;
const CATCH_UP_INTERVAL_MS = 500;

/** Only the order of the notes tells the order of effects: they are numbered as they are written. */
const CREATE_NOTES = `create schema recorder; ${createFactInbox('recorder')}
  create table recorder.notes (
    note bigint generated always as identity, bucket int, account_id text collate "C", sequence bigint)`;
const FIND_FAULTS = `
  select bucket || ' ' || account_id || ': entry ' || sequence || ' came as number ' || place as fault
  from (select *, row_number() over (partition by bucket, account_id order by note) as place
        from recorder.notes) as notes
  where sequence <> place
  union all
  select 'entry ' || e.sequence || ' of ' || e.account_id || ' never came'
  from ledger.entries as e left join recorder.notes as n using (bucket, account_id, sequence)
  where n.note is null
  limit 20`;

/** Starts a consumer within the test. */
export async function startRecorder(settings: RecorderSettings): Promise<Recorder> {
  const { pool } = settings;
  await pool.query(CREATE_NOTES);
  const config: FactConfig = {
    NATS_URL: settings.natsUrl,
    BALANCE_HOST: '127.0.0.1',
    BALANCE_GRPC_PORT: settings.balanceGrpcPort,
    FACTS_ATTEMPTS_MAX: 5,
    FACTS_RETRY_DELAY_MS: 100,
    FACTS_CATCH_UP_INTERVAL_MS: CATCH_UP_INTERVAL_MS,
    FACTS_DEAD_LETTER_INTERVAL_MS: LATER_MS,
  };
  const consumer = new FactConsumer({ database: { pool }, schema: 'recorder', handlers: [NOTES] }, config, {
    name: 'recorder',
    version: '0',
    logger: createLogger('recorder', 'silent'),
    metrics: new Registry(),
    onClose: () => undefined,
  });
  const server = settings.listenPort === undefined ? undefined : await serve(consumer, settings.listenPort);
  consumer.onApplicationBootstrap();
  return {
    faults: async () => {
      const { rows } = await pool.query<{ fault: string }>(FIND_FAULTS);
      return rows.map(({ fault }) => fault);
    },
    entries: async () => {
      const { rows } = await pool.query<{ entries: number }>(
        'select count(*)::int as entries from recorder.notes',
      );
      return rows[0]?.entries ?? 0;
    },
    stop: async () => {
      server?.forceShutdown();
      await consumer.onModuleDestroy();
    },
  };
}

const NOTES: FactHandler = {
  name: 'notes',
  apply: async (transaction, facts) => {
    const notes = facts.flatMap(({ bucket, entries }) =>
      entries.map(({ accountId, sequence }) => ({ bucket, accountId, sequence: sequence.toString() })),
    );
    await transaction.query(
      `insert into recorder.notes (bucket, account_id, sequence)
       select bucket, "accountId", sequence
       from rows from (jsonb_to_recordset($1::jsonb) as (bucket int, "accountId" text, sequence bigint))
         with ordinality as note (bucket, "accountId", sequence, place) order by place`,
      [JSON.stringify(notes)],
    );
  },
};

async function serve({ service }: FactConsumer, port: number): Promise<Server> {
  const deliver = service.handlers['deliver'];
  if (deliver === undefined) throw new Error('the service takes deliveries');
  const server = new Server();
  const implementation: factsV1.FactConsumerServiceServer = {
    deliver: ({ request }, answer) => {
      deliver(request).then(
        (response) => answer(null, response as factsV1.DeliverResponse),
        (error: unknown) => answer({ code: status.UNAVAILABLE, details: String(error) }),
      );
    },
  };
  server.addService(factsV1.FactConsumerServiceService, implementation);
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    ),
  );
  return server;
}
