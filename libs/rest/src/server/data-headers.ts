import type { FastifyInstance } from 'fastify';

/** What a browser must know of a reply that is data and never a page. Fixed, because it is sent with every reply. */
const DATA_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Security headers on every reply, except on the routes that serve pages. */
export function useDataHeaders(
  fastify: FastifyInstance,
  isPage: (routeUrl: string) => boolean = () => false,
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isPage(request.routeOptions.url ?? '')) reply.headers(DATA_HEADERS);
    done();
  });
}
