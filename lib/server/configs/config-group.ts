/** First fitting pattern wins; the order is that of the page. */
const groups: readonly (readonly [string, RegExp])[] = [
  ['Replication', /replica|isr|leader|unclean|follower/],
  ['Compaction', /cleaner|compaction|delete\.retention|dirty|cleanup/],
  ['Retention', /retention/],
  ['Segments', /segment|index|preallocate|flush|roll/],
  ['Messages', /message|compression|timestamp|max\.request|record/],
  ['Groups', /^group\.|offsets\.|consumer|share\./],
  ['Transactions', /transaction|producer\.id/],
  ['Network', /listener|socket|connection|num\.network|advertised|host|port/],
  ['Security', /ssl|sasl|security|authorizer|principal|password|delegation/],
  ['Quotas', /quota/],
  ['Tiered storage', /remote/],
  ['Metrics', /metric/],
  ['Threads', /thread|queued|background/],
  ['Controller', /controller|metadata|broker\.session|process\.roles|node\.id|broker\.id/],
]

/** Heading under which a config stands on the page. */
export function configGroup(name: string): string {
  return groups.find(([, pattern]) => pattern.test(name))?.[0] ?? 'Other'
}
