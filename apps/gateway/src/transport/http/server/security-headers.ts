import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { useDataHeaders } from '@steelyard/rest/server';

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
  useDataHeaders(fastify, isPage);
  await app.register(helmet, {
    global: false,
    // Without TLS in front, the documentation's own scripts would be asked for over TLS and not come.
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  });
}
