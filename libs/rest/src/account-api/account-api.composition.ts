import { AccountAccess } from '../access/account-access.js';
import type { Logger } from '@steelyard/platform/observability';
import type { SelfAction } from '../access/caller.js';
import { OpenAccountHandler } from '../accounts/open-account.handler.js';
import { ReadAccountHandler } from '../accounts/read-account.handler.js';
import { ReadBalanceHandler } from '../accounts/read-balance.handler.js';
import { ApiKeyAuthenticator } from '../api-keys/api-key-authenticator.js';
import type { ApiKeyStore } from '../api-keys/api-key-store.port.js';
import { AccessAudit } from '../audit/access-audit.js';
import type { AuditRecorder } from '../audit/audit-recorder.js';
import { AuthenticateHandler } from '../authentication/authenticate.handler.js';
import type { TokenVerifierPort } from '../authentication/token-verifier.port.js';
import { AccountReader } from '../balance/account-reader.js';
import type { BalancePort } from '../balance/balance.port.js';
import { CommandDispatcher } from '../balance/command-dispatcher.js';
import type { TurnBatcherLimits } from '../balance/turn-batcher.js';
import { ReadHistoryHandler } from '../history/read-history.handler.js';
import type { LedgerPort } from '../ledger/ledger.port.js';
import { DepositHandler } from '../movements/deposit.handler.js';
import { WithdrawHandler } from '../movements/withdraw.handler.js';

/** What the use cases need from outside. */
export interface AccountApiPorts {
  readonly balance: BalancePort;
  readonly ledger: LedgerPort;
  readonly tokens: TokenVerifierPort;
  readonly apiKeys: ApiKeyStore;
  readonly audit: AuditRecorder;
}

export interface AccountApiSettings {
  readonly commandLimits: TurnBatcherLimits;
  readonly readLimits: TurnBatcherLimits;
  readonly selfService: readonly SelfAction[];
  /** Whether reads of machines are put into the audit trail, too. */
  readonly auditServiceReads: boolean;
  readonly logger: Logger;
}

/** The use cases of the account API, and the parts that an app can build more of its own on. */
export interface AccountApi {
  readonly accounts: AccountReader;
  readonly dispatcher: CommandDispatcher;
  readonly access: AccountAccess;
  readonly keyAuthenticator: ApiKeyAuthenticator;
  /** Everything that the controllers and the guard are given, one instance of each class. */
  readonly useCases: readonly object[];
}

/** Everything behind the account API, over the given ports. */
export function composeAccountApi(ports: AccountApiPorts, settings: AccountApiSettings): AccountApi {
  const accounts = new AccountReader(ports.balance, settings.readLimits);
  const dispatcher = new CommandDispatcher(ports.balance, settings.commandLimits);
  const access = new AccountAccess(accounts, new Set(settings.selfService));
  const keyAuthenticator = new ApiKeyAuthenticator(ports.apiKeys, (error) =>
    settings.logger.warn({ error }, 'api-key.touch.failed'),
  );
  const useCases = [
    access,
    new AccessAudit(ports.audit, settings.auditServiceReads, settings.logger),
    new AuthenticateHandler(ports.tokens, keyAuthenticator),
    new OpenAccountHandler(dispatcher, access),
    new ReadAccountHandler(accounts, ports.balance),
    new ReadBalanceHandler(accounts, ports.ledger),
    new DepositHandler(dispatcher, access, accounts),
    new WithdrawHandler(dispatcher),
    new ReadHistoryHandler(ports.ledger),
  ];
  return { accounts, dispatcher, access, keyAuthenticator, useCases };
}
