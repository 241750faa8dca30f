export { movementReply, transactionReply, transferReply } from './transaction.dto.js';
export {
  firstEntry,
  presentMovement,
  presentMovementOf,
  presentTransaction,
  presentTransfer,
} from './transaction.presenter.js';
