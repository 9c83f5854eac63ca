/**
 * A topic's id as Kafka's own tools and the embedded broker write it, 22 characters of URL-safe base64; our
 * client library gives it as a UUID with dashes.
 */
export function topicIdText(uuid: string): string {
  return uuid.includes('-') && uuid.length === 36
    ? Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url')
    : uuid
}
