/** What every client library under test is asked to do; each language's program answers the same verbs. */

export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type Codec = (typeof codecs)[number]

/** Bytes are base64; null stays null. */
export type SentRecord = {
  partition: number
  key: string | null
  value: string | null
  headers: [name: string, value: string | null][]
  timestamp: number
}

export type ReceivedRecord = SentRecord & { topic: string; offset: number }

/** How a member takes part in a group. */
export type GroupMode = { protocol: 'classic' | 'consumer'; assignor?: string }

export type PartitionLag = { partition: number; committed: number; end: number }

export type Isolation = 'read_committed' | 'read_uncommitted'
export type ConsumeCall = GroupMode & {
  topics: string[]
  group: string
  count: number
  timeoutMs: number
  isolation?: Isolation
}
export type JoinCall = GroupMode & { member: string; topics: string[]; group: string }
export type ProduceCall = { topic: string; codec: Codec; idempotent: boolean; records: SentRecord[] }

export type Client = {
  createTopic(call: { topic: string; partitions: number; configs?: Record<string, string> }): Promise<unknown>
  /** `partitions` is the new total. */
  addPartitions(call: { topic: string; partitions: number }): Promise<unknown>
  describeTopic(call: { topic: string }): Promise<{ partitions: number }>
  topicConfig(call: { topic: string; name: string }): Promise<{ value: string }>
  alterConfig(call: { topic: string; name: string; value: string }): Promise<unknown>
  listTopics(call: object): Promise<{ topics: string[] }>
  deleteTopic(call: { topic: string }): Promise<unknown>
  /** The offset that the broker acknowledged for each record. */
  produce(call: ProduceCall): Promise<{ offsets: number[] }>
  /** Consumes exactly `count` records (fewer after `timeoutMs`), commits just behind them and leaves. */
  consume(call: ConsumeCall): Promise<{ records: ReceivedRecord[] }>
  /** Starts a member that polls in the background until `leave`. */
  join(call: JoinCall): Promise<unknown>
  /** `topic-partition` of each partition that the member holds now. */
  assigned(call: { member: string }): Promise<{ partitions: string[] }>
  leave(call: { member: string }): Promise<unknown>
  /** From the client's own admin calls; partitions without a commit may be left out or say −1. */
  lag(call: { group: string; topic: string }): Promise<{ partitions: PartitionLag[] }>
  listGroups(call: object): Promise<{ groups: string[] }>
  describeGroup(call: { group: string }): Promise<{ state: string; members: number }>
  deleteGroup(call: { group: string }): Promise<unknown>
}

/** A step of a transactional producer, which has a name and stays open between the steps. */
export type TransactionCall = { producer: string } & (
  | { op: 'open'; transactionalId: string; transactionTimeoutMs?: number }
  | { op: 'begin' }
  | { op: 'send'; topic: string; records: SentRecord[] }
  | { op: 'end'; commit: boolean }
  | { op: 'close' }
  /** Reads `count` records, writes them to the topic `to` and ends the transaction, offsets and all. */
  | (ConsumeCall & { op: 'transform'; transactionalId: string; to: string; commit: boolean })
)

/** The libraries whose programs know transactions. */
export type TransactionalClient = Client & {
  transaction(call: TransactionCall): Promise<{ offsets?: number[]; count?: number }>
}

export type Verb = keyof Client

export const verbs = [
  'createTopic',
  'addPartitions',
  'describeTopic',
  'topicConfig',
  'alterConfig',
  'listTopics',
  'deleteTopic',
  'produce',
  'consume',
  'join',
  'assigned',
  'leave',
  'lag',
  'listGroups',
  'describeGroup',
  'deleteGroup',
] as const satisfies readonly Verb[]
