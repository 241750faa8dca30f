import type { OnApplicationBootstrap } from '@nestjs/common';
import { ProblemError } from '@steelyard/platform/http';
import type { FastifyInstance, HTTPMethods } from 'fastify';

const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Answers 405 with the methods that there are, where a path is right and its method is not. */
export class AllowedMethods implements OnApplicationBootstrap {
  readonly #byUrl = new Map<string, Set<string>>();
  #fastify: FastifyInstance | undefined;

  /** Watches routes being added, from now on. */
  watch(fastify: FastifyInstance): void {
    this.#fastify = fastify;
    fastify.addHook('onRoute', ({ url, method }) => {
      const methods = this.#byUrl.get(url) ?? new Set();
      for (const one of [method].flat()) methods.add(one);
      this.#byUrl.set(url, methods);
    });
  }

  /** Nest calls it when all of its routes are there and requests are not. */
  onApplicationBootstrap(): void {
    const fastify = this.#fastify;
    if (!fastify) return;
    for (const [url, methods] of [...this.#byUrl]) {
      const allow = [...methods].sort().join(', ');
      const missing = METHODS.filter((method) => !methods.has(method));
      // Fastify gives every GET route a HEAD one of its own.
      if (url.includes('*') || missing.length === 0) continue;
      fastify.route({
        method: missing,
        url,
        handler: (_request, reply) => {
          reply.header('allow', allow);
          throw new ProblemError('METHOD_NOT_ALLOWED', `This address takes ${allow}`);
        },
      });
    }
  }
}
