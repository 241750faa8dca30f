import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** What a browser must know of a reply that is data and never a page. Fixed, because it is sent with every reply. */
const DATA_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/**
 * Security headers: fixed ones on replies that are data, helmet's on the pages of the documentation. Helmet on
 * every reply would build its policy anew each time.
 *
 * @param pagesPath where pages begin, such as /api/docs
 */
export async function useSecurityHeaders(app: NestFastifyApplication, pagesPath: string): Promise<void> {
  const isPage = (url: string): boolean => url === pagesPath || url.startsWith(`${pagesPath}/`);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (isPage(route.url)) route.helmet = {};
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isPage(request.routeOptions.url ?? '')) reply.headers(DATA_HEADERS);
    done();
  });
  await app.register(helmet, {
    global: false,
    // Without TLS in front, the documentation's own scripts would be asked for over TLS and not come.
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  });
}
