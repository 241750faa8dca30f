import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { AccessRule } from '../access/access-rule.js';
import { ACCESS } from '../access/access-rules.js';
import { AccessGuard } from './access.guard.js';
import { ACCESS_RULE } from './access-metadata.js';

/** Who may use a route: a rule of the access table, which the guard reads and the OpenAPI document shows. */
export function Access(ruleName: keyof typeof ACCESS): MethodDecorator {
  const rule: AccessRule = ACCESS[ruleName];
  const { roles, scope = null, self = null, subject = null } = rule;
  return applyDecorators(
    SetMetadata(ACCESS_RULE, rule),
    UseGuards(AccessGuard),
    ApiSecurity('bearer'),
    ...(rule.scope === undefined ? [] : [ApiSecurity('apiKey')]),
    ApiExtension('x-access', { roles: [...roles], scope, self, subject }),
  );
}

/** For the few routes that are open to everybody. */
export function Public(): MethodDecorator {
  return SetMetadata(ACCESS_RULE, 'public');
}
