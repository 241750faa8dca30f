import type { Logger } from '@steelyard/platform/observability';
import { Counter, type Registry } from 'prom-client';
import type { AlertChange } from '../../application/alerts/alert.js';
import { AlertObserver } from '../../application/alerts/alert-store.port.js';

/** One line and one count for each alert that is opened or closed. */
export class AlertAnnouncer extends AlertObserver {
  private readonly opened: Counter<'type'>;
  private readonly closed: Counter<'type'>;

  constructor(
    private readonly logger: Logger,
    registry: Registry,
  ) {
    super();
    const counter = (name: string, help: string) =>
      new Counter({ name, help, labelNames: ['type'] as const, registers: [registry] });
    this.opened = counter('notifications_alerts_opened_total', 'Alerts that were opened');
    this.closed = counter('notifications_alerts_closed_total', 'Alerts that were closed');
  }

  override changed({ kind, ...alert }: AlertChange): void {
    const counter = kind === 'opened' ? this.opened : this.closed;
    counter.inc({ type: alert.type });
    if (kind === 'opened') this.logger.warn(alert, 'alert.opened');
    else this.logger.info(alert, 'alert.closed');
  }
}
