const maxTopicNameLength = 249
const legalTopicName = /^[a-zA-Z0-9._-]+$/

/** Why the text cannot name a topic, in words for a person; undefined when it can (Kafka's rules). */
export function topicNameFault(name: string): string | undefined {
  if (name === '') return 'The topic name is empty.'
  if (name === '.' || name === '..') return `A topic cannot be called '${name}'.`
  if (name.length > maxTopicNameLength) {
    return `The topic name is ${name.length} characters long; ${maxTopicNameLength} are allowed.`
  }
  if (!legalTopicName.test(name)) {
    return `The topic name '${name}' has characters other than ASCII letters, digits, '.', '_' and '-'.`
  }
  return undefined
}

/** Two names that differ only in '.' and '_' collide in metrics, and Kafka refuses the second. */
export function collisionKey(name: string): string {
  return name.replaceAll('.', '_')
}
