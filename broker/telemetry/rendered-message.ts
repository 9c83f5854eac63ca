const maxArrayItems = 20
/** Of all arrays of a message together: twenty topics of twenty partitions each would be 60 KB of objects. */
const maxItems = 100
const maxTextLength = 256
const maxDepth = 12

/**
 * A message as plain data for a person to read: buffers become `<n bytes>`, long arrays end in `… n more`, long
 * texts are cut. Its size is bounded whatever the message holds, but for the number of its fields.
 */
export function renderMessage(value: unknown): unknown {
  return render(value, 0, { items: maxItems })
}

/** `room`: how many items of arrays may still be shown. */
function render(value: unknown, depth: number, room: { items: number }): unknown {
  if (Buffer.isBuffer(value)) return `<${value.length} bytes>`
  if (typeof value === 'string') {
    return value.length > maxTextLength
      ? `${value.slice(0, maxTextLength)}… ${value.length} characters`
      : value
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth === maxDepth) return '…'
  if (Array.isArray(value)) return renderArray(value, depth, room)
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(fields.map(([name, field]) => [name, render(field, depth + 1, room)]))
}

function renderArray(items: readonly unknown[], depth: number, room: { items: number }): unknown {
  if (items.length > 0 && items.every((item) => Buffer.isBuffer(item))) {
    return `<${items.reduce((sum: number, item) => sum + (item as Buffer).length, 0)} bytes>`
  }
  const shown: unknown[] = []
  for (const item of items) {
    if (shown.length === maxArrayItems || room.items === 0) break
    room.items--
    shown.push(render(item, depth + 1, room))
  }
  return items.length > shown.length ? [...shown, `… ${items.length - shown.length} more`] : shown
}

/** The first error code in an answer that is not 0, looking into its arrays; 0 when all is well. */
export function firstErrorCode(value: unknown): number {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return 0
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item !== 'object') return 0
      const code = firstErrorCode(item)
      if (code !== 0) return code
    }
    return 0
  }
  const own = (value as { errorCode?: unknown }).errorCode
  if (typeof own === 'number' && own !== 0) return own
  for (const field of Object.values(value)) {
    const code = Array.isArray(field) ? firstErrorCode(field) : 0
    if (code !== 0) return code
  }
  return 0
}
