import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { ACCESS } from '@steelyard/rest/access';
import { ACCESS_RULE } from '@steelyard/rest/guard';
import { PUBLIC_CONTROLLERS } from './controllers.js';

const PUBLIC_ROUTES = ['PublicHealthController.health', 'PublicHealthController.ready'];

/** Every method of the controllers that serves a route, with who may use it. */
const routes = PUBLIC_CONTROLLERS.flatMap((controller) =>
  Object.entries(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(([name, descriptor]) => {
    const method: unknown = descriptor.value;
    if (name === 'constructor' || typeof method !== 'function' || !Reflect.hasMetadata('path', method))
      return [];
    const rule: unknown = Reflect.getMetadata(ACCESS_RULE, method);
    return [{ name: `${controller.name}.${name}`, rule }];
  }),
);

describe('routes', () => {
  it('are found', () => expect(routes.length).toBeGreaterThan(20));

  it.each(routes)('$name has an access rule of the table', ({ name, rule }) => {
    if (PUBLIC_ROUTES.includes(name)) expect(rule).toBe('public');
    else expect(Object.values(ACCESS)).toContain(rule);
  });
});
