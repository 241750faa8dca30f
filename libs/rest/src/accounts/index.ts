export { presentAccount, presentAccountBalance } from './account.presenter.js';
export { accountReply, balanceReply, limits } from './accounts.dto.js';
export { ReadAccountHandler } from './read-account.handler.js';
