import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Registry } from 'prom-client';
import { Readiness, type ReadinessReport } from './readiness.js';

export interface AppIdentity {
  readonly app: string;
  readonly version: string;
}

export const APP_IDENTITY = Symbol('AppIdentity');
export const METRICS = Symbol('Metrics');

const READY = 200;
const NOT_READY = 503;

/** What orchestrators and Prometheus ask. */
@Controller()
export class HealthController {
  constructor(
    @Inject(APP_IDENTITY) private readonly identity: AppIdentity,
    @Inject(METRICS) private readonly metrics: Registry,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  @Get('health')
  health() {
    return { status: 'ok', ...this.identity, uptimeSeconds: Math.floor(process.uptime()) };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    reply.status(report.status === 'ready' ? READY : NOT_READY);
    return report;
  }

  @Get('metrics')
  async scrape(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.type(this.metrics.contentType);
    return this.metrics.metrics();
  }
}
