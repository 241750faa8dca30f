import { join } from 'node:path';
import {
  grpcTransport,
  migratingClient,
  SteelyardClient,
  type Discrepancy,
  type MigratingClient,
  type PermissiveJournal,
} from '@steelyard/client';
import { fastify, type FastifyInstance } from 'fastify';
import type { Config } from './config.js';
import { sendError } from './http/errors.js';
import { addRoutes } from './http/routes.js';
import { jsonValue } from './http/views.js';
import { Cashier } from './money/cashier.js';
import { PotKeeper } from './money/pot-keeper.js';
import type { Log } from './room/answer.js';
import { Dealer } from './room/dealer.js';
import { Desk } from './room/desk.js';
import { Room } from './room/room.js';

/** In the time that a player waits so many attempts can go without an answer. */
const ATTEMPTS_WITHOUT_ANSWER = 3;
/** And that it is back: winnings of an outage are on the accounts soon after. */
const REPLAY_AFTER_MAX_MS = 5_000;

/** Opens the tables and answers players. Closing the server closes everything that belongs to it. */
export async function openPokerTable(config: Config): Promise<FastifyInstance> {
  const { grpcAddress, dataDir, platformDeadlineMs: deadlineMs, logLevel } = config;
  const server = fastify({ logger: { level: logLevel }, forceCloseConnections: true });
  const steelyard = new SteelyardClient({
    transport: grpcTransport({ address: grpcAddress }),
    deadlineMs,
    attemptTimeoutMs: deadlineMs / ATTEMPTS_WITHOUT_ANSWER,
  });
  steelyard.onStateChange((circuit) => server.log.warn({ circuit }, 'platform_circuit'));
  // One journal, one process: opening it twice fails, and protects the tables of the same directory, too.
  const { permissive, journal } = await openJournal(steelyard, join(dataDir, 'journal'), server.log);

  const desk = new Desk(new Cashier(steelyard, journal));
  const dealer = new Dealer(new PotKeeper(permissive), server.log);
  const room = await Room.open(join(dataDir, 'tables'), { desk, dealer, log: server.log });

  server.setReplySerializer((payload) => JSON.stringify(payload, jsonValue));
  server.setErrorHandler(sendError);
  addRoutes(server, { room, desk, dealer });
  server.get('/health', () => ({ platform: steelyard.state, journalled: journal.pending }));
  server.addHook('onClose', async () => {
    await room.close();
    await permissive.close();
  });
  return server;
}

/** The client for hands: while the platform is away, what they move is journalled and replayed later. */
async function openJournal(
  steelyard: SteelyardClient,
  directory: string,
  log: Log,
): Promise<{ readonly permissive: MigratingClient; readonly journal: PermissiveJournal }> {
  const permissive = await migratingClient({
    mode: 'permissive',
    steelyard,
    journal: {
      directory,
      replayAfterMaxMs: REPLAY_AFTER_MAX_MS,
      onDiscrepancy: (discrepancy) => report(log, discrepancy),
      onReplayFailed: (error) => log.error({ err: error }, 'replay_failed'),
    },
  });
  if (permissive.journal === undefined) throw new TypeError('a client in permissive mode has a journal');
  return { permissive, journal: permissive.journal };
}

/** The game went on, and the platform does not agree with where it went: somebody has to look. */
function report(log: Log, { reason, operation, refusal }: Discrepancy): void {
  const { kind, idempotencyKey } = operation ?? {};
  log.error({ reason, operation: kind, idempotencyKey, code: refusal?.code }, 'discrepancy');
}
