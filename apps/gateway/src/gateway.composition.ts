import { AccountAccess } from './application/access/account-access.js';
import type { SelfAction } from './application/access/caller.js';
import { ApiKeyAuthenticator } from './application/authenticate/api-key-authenticator.js';
import { AuthenticateHandler } from './application/authenticate/authenticate.handler.js';
import { ChangeBalanceHandler } from './application/change-balance/change-balance.handler.js';
import { DepositHandler } from './application/deposit/deposit.handler.js';
import { CommandDispatcher } from './application/dispatch/command-dispatcher.js';
import type { TurnBatcherLimits } from './application/dispatch/turn-batcher.js';
import { ExecuteBatchHandler } from './application/execute-batch/execute-batch.handler.js';
import { ManageApiKeysHandler } from './application/manage-api-keys/manage-api-keys.handler.js';
import { OpenAccountHandler } from './application/open-account/open-account.handler.js';
import type { ApiKeyStore } from './application/ports/api-key-store.port.js';
import type { BalancePort } from './application/ports/balance.port.js';
import type { LedgerPort } from './application/ports/ledger.port.js';
import type { TokenVerifierPort } from './application/ports/token-verifier.port.js';
import { AccountReader } from './application/read-account/account-reader.js';
import { ReadAccountHandler } from './application/read-account/read-account.handler.js';
import { ReadBalanceHandler } from './application/read-balance/read-balance.handler.js';
import { ReadLedgerHandler } from './application/read-ledger/read-ledger.handler.js';
import { ReadTransactionsHandler } from './application/read-transactions/read-transactions.handler.js';
import { ReverseTransactionHandler } from './application/reverse-transaction/reverse-transaction.handler.js';
import { SetAccountStatusHandler } from './application/set-account-status/set-account-status.handler.js';
import { TransferHandler } from './application/transfer/transfer.handler.js';
import { UpdateAccountHandler } from './application/update-account/update-account.handler.js';
import { VerifyLedgerHandler } from './application/verify-ledger/verify-ledger.handler.js';
import { WithdrawHandler } from './application/withdraw/withdraw.handler.js';

/** What the use cases need from outside. */
export interface GatewayPorts {
  readonly balance: BalancePort;
  readonly ledger: LedgerPort;
  readonly tokens: TokenVerifierPort;
  readonly apiKeys: ApiKeyStore;
}

export interface GatewaySettings {
  readonly commandLimits: TurnBatcherLimits;
  readonly readLimits: TurnBatcherLimits;
  readonly selfService: readonly SelfAction[];
  readonly onTouchFailed: (error: unknown) => void;
}

/** Everything that controllers and guards are given, one instance of each class. */
export function composeGateway(ports: GatewayPorts, settings: GatewaySettings): readonly object[] {
  const accounts = new AccountReader(ports.balance, settings.readLimits);
  const dispatcher = new CommandDispatcher(ports.balance, settings.commandLimits);
  const access = new AccountAccess(accounts, new Set(settings.selfService));
  const keyAuthenticator = new ApiKeyAuthenticator(ports.apiKeys, settings.onTouchFailed);
  return [
    access,
    new AuthenticateHandler(ports.tokens, keyAuthenticator),
    new OpenAccountHandler(dispatcher, access),
    new UpdateAccountHandler(dispatcher),
    new SetAccountStatusHandler(dispatcher),
    new ReadAccountHandler(accounts, ports.balance),
    new ReadBalanceHandler(accounts, ports.ledger),
    new DepositHandler(dispatcher, access, accounts),
    new WithdrawHandler(dispatcher),
    new ChangeBalanceHandler(dispatcher, accounts),
    new TransferHandler(dispatcher, access),
    new ReverseTransactionHandler(dispatcher),
    new ExecuteBatchHandler(dispatcher, access, accounts),
    new ReadTransactionsHandler(ports.ledger, access),
    new ReadLedgerHandler(ports.ledger),
    new VerifyLedgerHandler(ports.ledger),
    new ManageApiKeysHandler(ports.apiKeys, keyAuthenticator),
  ];
}
