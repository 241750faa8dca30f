import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Ruled } from '../game/index.js';
import type { Answer } from '../room/answer.js';
import type { Dealer, StepOutcome } from '../room/dealer.js';
import type { Desk, DeskReceipt } from '../room/desk.js';
import type { Room } from '../room/room.js';
import type { LiveTable } from '../state/live-table.js';
import { sendDenied, TableUnknownError } from './errors.js';
import * as requests from './requests.js';
import { receiptView, stepView, tableView } from './views.js';

export interface RouteParts {
  readonly room: Room;
  readonly desk: Desk;
  readonly dealer: Dealer;
}

const OK = 200;
const CREATED = 201;

export function addRoutes(server: FastifyInstance, parts: RouteParts): void {
  addTableRoutes(server, parts);
  addDeskRoutes(server, parts);
  addHandRoutes(server, parts);
}

function addTableRoutes(server: FastifyInstance, { room }: RouteParts): void {
  server.post('/tables', async ({ body }, reply) => {
    const { live, isNew } = await room.create(requests.createTable.parse(body));
    return reply.code(isNew ? CREATED : OK).send(tableView(live.record.table));
  });

  server.get('/tables/:tableId', async ({ params }) => tableView(tableOf(room, params).record.table));
}

function addDeskRoutes(server: FastifyInstance, { room, desk }: RouteParts): void {
  server.post('/tables/:tableId/join', async ({ params, body }, reply) => {
    const live = tableOf(room, params);
    return sendReceipt(reply, live, await desk.join(live, requests.join.parse(body)));
  });

  server.post('/tables/:tableId/top-up', async ({ params, body }, reply) => {
    const live = tableOf(room, params);
    const { userId, amount } = requests.topUp.parse(body);
    return sendReceipt(reply, live, await desk.topUp(live, userId, amount));
  });

  server.post('/tables/:tableId/leave', async ({ params, body }, reply) => {
    const live = tableOf(room, params);
    return sendReceipt(reply, live, await desk.leave(live, requests.leave.parse(body).userId));
  });
}

function addHandRoutes(server: FastifyInstance, { room, dealer }: RouteParts): void {
  const sendStep = async (
    reply: FastifyReply,
    live: LiveTable,
    step: Ruled<StepOutcome>,
  ): Promise<FastifyReply> => {
    if (!step.ok) return sendDenied(reply, step);
    const topUps = await room.topUpWinners(live, step.value);
    return reply.send({ ...stepView(step.value, topUps), table: tableView(live.record.table) });
  };
  const ofHand = ({ params }: FastifyRequest): { live: LiveTable; handId: string } => {
    const { handId } = requests.handParams.parse(params);
    return { live: tableOf(room, params), handId };
  };

  server.post('/tables/:tableId/hands', async ({ params }, reply) => {
    const live = tableOf(room, params);
    return sendStep(reply.code(CREATED), live, await dealer.start(live));
  });

  server.post('/tables/:tableId/hands/:handId/actions', async (request, reply) => {
    const { live, handId } = ofHand(request);
    return sendStep(reply, live, await dealer.act(live, handId, requests.action.parse(request.body)));
  });

  server.post('/tables/:tableId/hands/:handId/showdown', async (request, reply) => {
    const { live, handId } = ofHand(request);
    return sendStep(reply, live, await dealer.settle(live, handId, requests.showdown.parse(request.body)));
  });

  server.post('/tables/:tableId/hands/:handId/abort', async (request, reply) => {
    const { live, handId } = ofHand(request);
    const { reason } = requests.abort.parse(request.body ?? {});
    return sendStep(reply, live, await dealer.abort(live, handId, reason));
  });
}

function sendReceipt(reply: FastifyReply, live: LiveTable, answer: Answer<DeskReceipt>): FastifyReply {
  if (!answer.ok) return sendDenied(reply, answer);
  return reply.send({ ...receiptView(answer.value), table: tableView(live.record.table) });
}

function tableOf(room: Room, params: unknown): LiveTable {
  const { tableId } = requests.tableParams.parse(params);
  const live = room.find(tableId);
  if (live === undefined) throw new TableUnknownError(`There is no table ${tableId}; open it first`);
  return live;
}
