import {
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
} from '../../protocol/schemas/24-add-partitions-to-txn.ts'
import {
  addOffsetsToTxnRequest,
  addOffsetsToTxnResponse,
} from '../../protocol/schemas/25-add-offsets-to-txn.ts'
import { endTxnRequest, endTxnResponse } from '../../protocol/schemas/26-end-txn.ts'
import {
  writeTxnMarkersRequest,
  writeTxnMarkersResponse,
} from '../../protocol/schemas/27-write-txn-markers.ts'
import {
  txnOffsetCommitRequest,
  txnOffsetCommitResponse,
} from '../../protocol/schemas/28-txn-offset-commit.ts'
import {
  describeProducersRequest,
  describeProducersResponse,
} from '../../protocol/schemas/61-describe-producers.ts'
import {
  describeTransactionsRequest,
  describeTransactionsResponse,
} from '../../protocol/schemas/65-describe-transactions.ts'
import {
  listTransactionsRequest,
  listTransactionsResponse,
} from '../../protocol/schemas/66-list-transactions.ts'
import { addPartitionsToTxn } from '../24-add-partitions-to-txn.ts'
import { addOffsetsToTxn } from '../25-add-offsets-to-txn.ts'
import { endTxn } from '../26-end-txn.ts'
import { writeTxnMarkers } from '../27-write-txn-markers.ts'
import { txnOffsetCommit } from '../28-txn-offset-commit.ts'
import { describeProducers } from '../61-describe-producers.ts'
import { describeTransactions } from '../65-describe-transactions.ts'
import { listTransactions } from '../66-list-transactions.ts'
import { type ApiHandler, apiHandler } from '../api.ts'

/** Transactions, and the producers that are at them. */
export const transactions: readonly ApiHandler[] = [
  apiHandler(addPartitionsToTxnRequest, addPartitionsToTxnResponse, addPartitionsToTxn),
  apiHandler(addOffsetsToTxnRequest, addOffsetsToTxnResponse, addOffsetsToTxn),
  apiHandler(endTxnRequest, endTxnResponse, endTxn),
  apiHandler(writeTxnMarkersRequest, writeTxnMarkersResponse, writeTxnMarkers),
  apiHandler(txnOffsetCommitRequest, txnOffsetCommitResponse, txnOffsetCommit),
  apiHandler(describeProducersRequest, describeProducersResponse, describeProducers),
  apiHandler(describeTransactionsRequest, describeTransactionsResponse, describeTransactions),
  apiHandler(listTransactionsRequest, listTransactionsResponse, listTransactions),
]
