import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Readiness } from '@steelyard/platform/health';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../guard/access.decorator.js';
import type { Reply } from '../replies/to-json.js';
import { named, schemaRef } from '../schemas/named.js';

const healthReply = named('Health', z.object({ status: z.literal('ok') }));
const readyReply = named(
  'Readiness',
  z.object({
    status: z.enum(['ready', 'not-ready', 'stopping']),
    checks: z.array(z.object({ name: z.string(), state: z.enum(['up', 'down']) })),
  }),
);

/** What is also at the root of the app's port, under the public prefix. */
@ApiTags('Health')
// The prefix is written out: what is at the root under the same names is left out of the global one.
@Controller('api')
export class PublicHealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('health')
  @Public()
  @ApiOperation({ summary: 'The process is up' })
  @ApiResponse({
    status: HttpStatus.OK,
    description: 'Success',
    content: { 'application/json': { schema: schemaRef(healthReply) } },
  })
  health(): Reply {
    return { status: 'ok' };
  }

  @Get('ready')
  @Public()
  @ApiOperation({ summary: 'The platform can work' })
  @ApiResponse({
    status: HttpStatus.OK,
    description: 'Ready',
    content: { 'application/json': { schema: schemaRef(readyReply) } },
  })
  @ApiResponse({
    status: HttpStatus.SERVICE_UNAVAILABLE,
    description: 'Not ready',
    content: { 'application/json': { schema: schemaRef(readyReply) } },
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Reply> {
    const { status, checks } = await this.readiness.report();
    reply.status(status === 'ready' ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return { status, checks: checks.map(({ name, state }) => ({ name, state })) };
  }
}
