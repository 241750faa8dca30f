import {
  composeAccountApi,
  type AccountApiPorts,
  type AccountApiSettings,
} from '@steelyard/rest/account-api';
import { ManageApiKeysHandler } from '@steelyard/rest/api-keys';
import type { AuditTrailPort } from '@steelyard/rest/audit';
import { AuditTrailHandler } from './application/audit/audit-trail.handler.js';
import { ChangeBalanceHandler } from './application/change-balance/change-balance.handler.js';
import type { AlertsPort } from './application/ports/alerts.port.js';
import type { SupplyPort } from './application/ports/supply.port.js';
import { ReadAlertsHandler } from './application/read-alerts/read-alerts.handler.js';
import { ReadSupplyHandler } from './application/read-supply/read-supply.handler.js';
import { ExecuteBatchHandler } from './application/execute-batch/execute-batch.handler.js';
import { ReadReservationsHandler } from './application/hold-funds/read-reservations.handler.js';
import { ReservationAccess } from './application/hold-funds/reservation-access.js';
import { ReserveHandler } from './application/hold-funds/reserve.handler.js';
import { ResolveReservationHandler } from './application/hold-funds/resolve-reservation.handler.js';
import { ManageTableHandler } from './application/play-table/manage-table.handler.js';
import { PlayHandHandler } from './application/play-table/play-hand.handler.js';
import { ReadTableHandler } from './application/play-table/read-table.handler.js';
import { LongChecks } from './application/long-checks/long-checks.js';
import type { ProofsPort } from './application/ports/proofs.port.js';
import type { StatementsPort } from './application/ports/statements.port.js';
import type { ReconciliationPort } from './application/ports/reconciliation.port.js';
import type { ReservationsPort } from './application/ports/reservations.port.js';
import type { TablesPort } from './application/ports/tables.port.js';
import { ReadLedgerStatusHandler } from './application/read-ledger-status/read-ledger-status.handler.js';
import { ReadProofsHandler } from './application/read-proofs/read-proofs.handler.js';
import { ReadStatementHandler } from './application/read-statement/read-statement.handler.js';
import { ReadTransactionHandler } from './application/read-transaction/read-transaction.handler.js';
import { ReconcileHandler } from './application/reconcile/reconcile.handler.js';
import { ReverseTransactionHandler } from './application/reverse-transaction/reverse-transaction.handler.js';
import { SetAccountStatusHandler } from './application/set-account-status/set-account-status.handler.js';
import { TransferHandler } from './application/transfer/transfer.handler.js';
import { UpdateAccountHandler } from './application/update-account/update-account.handler.js';
import { VerifyLedgerHandler } from './application/verify-ledger/verify-ledger.handler.js';
import { VerifySealsHandler } from './application/verify-seals/verify-seals.handler.js';

export interface GatewayPorts extends AccountApiPorts {
  readonly reservations: ReservationsPort;
  readonly tables: TablesPort;
  readonly auditTrail: AuditTrailPort;
  readonly proofs: ProofsPort;
  readonly reconciliation: ReconciliationPort;
  readonly statements: StatementsPort;
  readonly alerts: AlertsPort;
  readonly supply: SupplyPort;
}

/** Everything that controllers and guards are given, one instance of each class. */
export function composeGateway(ports: GatewayPorts, settings: AccountApiSettings): readonly object[] {
  const { accounts, dispatcher, access, keyAuthenticator, useCases } = composeAccountApi(ports, settings);
  const checks = new LongChecks();
  const reservationAccess = new ReservationAccess(ports.reservations, access);
  return [
    ...useCases,
    new UpdateAccountHandler(dispatcher),
    new SetAccountStatusHandler(dispatcher),
    new ChangeBalanceHandler(dispatcher, accounts),
    new TransferHandler(dispatcher, access),
    new ReverseTransactionHandler(dispatcher),
    new ExecuteBatchHandler(dispatcher, access, accounts),
    new ReserveHandler(dispatcher),
    new ResolveReservationHandler(dispatcher, reservationAccess),
    new ReadReservationsHandler(ports.reservations, reservationAccess),
    new PlayHandHandler(dispatcher),
    new ManageTableHandler(dispatcher, ports.tables),
    new ReadTableHandler(ports.tables),
    new ReadTransactionHandler(ports.ledger, access),
    new ReadLedgerStatusHandler(ports.ledger),
    checks,
    new VerifyLedgerHandler(ports.ledger, checks),
    new ReadProofsHandler(ports.proofs, ports.ledger, access),
    new VerifySealsHandler(ports.proofs),
    new ReconcileHandler(ports.reconciliation, checks),
    new ReadStatementHandler(ports.statements),
    new ReadAlertsHandler(ports.alerts),
    new ReadSupplyHandler(ports.supply),
    new AuditTrailHandler(ports.auditTrail),
    new ManageApiKeysHandler(ports.apiKeys, keyAuthenticator),
  ];
}
