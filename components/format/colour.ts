/** How many partition colours there are; partition 12 has the colour of partition 0 again. */
export const partitionColours = 12

/** CSS colour of a partition: the same on every page; the sequence is safe for the colour-blind. */
export function partitionColour(partition: number): string {
  return `var(--p${partition % partitionColours})`
}

/** FNV-1a, 32 bit: spreads short keys well and needs no table. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/** CSS colour of a key: its hue from its hash, lightness and chroma from the theme; hues near red are left to loss. */
export function keyColour(key: string): string {
  const hue = 50 + (hashOf(key) % 300)
  return `oklch(var(--key-lightness) var(--key-chroma) ${hue})`
}
