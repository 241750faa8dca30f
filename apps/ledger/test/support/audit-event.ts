import { randomUUID } from 'node:crypto';
import type { AuditEvent } from '../../src/application/audit/record-audit-events.handler.js';

/** A look at an account as the edge tells of it, without personal data. */
export function auditEventOf(accountId: string, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    eventId: randomUUID(),
    atMs: BigInt(Date.UTC(2026, 0, 2)),
    action: 'ACCOUNT_READ',
    accountId,
    performedBy: 'boss',
    role: 'operator',
    agentId: '',
    apiKeyId: '',
    correlationId: '',
    reason: '',
    detailJson: '',
    personalJson: '',
    ...more,
  };
}
