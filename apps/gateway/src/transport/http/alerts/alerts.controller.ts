import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@steelyard/rest/guard';
import { orProblem, type Reply } from '@steelyard/rest/replies';
import { ParsedQuery } from '@steelyard/rest/requests';
import { Operation } from '@steelyard/rest/schemas';
import type { z } from 'zod';
import { ReadAlertsHandler } from '../../../application/read-alerts/read-alerts.handler.js';
import { presentAlerts } from './alert.presenter.js';
import { alertsQuery, alertsReply } from './alerts.dto.js';

@ApiTags('Alerts')
@Controller('alerts')
export class AlertsController {
  constructor(private readonly readAlerts: ReadAlertsHandler) {}

  @Get()
  @Access('readAlerts')
  @Operation({
    id: 'alerts.list',
    summary: 'What somebody should look at, newest first',
    query: alertsQuery,
    reply: alertsReply,
    errors: ['INVALID_CURSOR'],
  })
  async list(@ParsedQuery(alertsQuery) query: z.output<typeof alertsQuery>): Promise<Reply> {
    const { accountId = '', type = '', status = '', limit, cursor = '' } = query;
    return presentAlerts(
      orProblem(await this.readAlerts.execute({ accountId, type, status, limit, cursor })),
    );
  }
}
