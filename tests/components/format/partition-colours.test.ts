import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { partitionColour, partitionColours } from '../../../components/format/colour.ts'

type Rgb = readonly [number, number, number]

/** Linear RGB as eyes without one of the cones see it (Machado, Oliveira, Fernandes 2009, severity 1). */
const visions: Record<string, readonly Rgb[]> = {
  common: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

const clamp = (part: number) => Math.min(1, Math.max(0, part))
const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)

function parse(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16)
  return [linear((value >> 16) / 255), linear(((value >> 8) & 255) / 255), linear((value & 255) / 255)]
}

function seen(rgb: Rgb, vision: readonly Rgb[]): Rgb {
  const [r, g, b] = vision.map((row) => clamp(row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]))
  return [r!, g!, b!]
}

/** OKLab (Ottosson 2020). */
function lab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b

const css = readFileSync(resolve(import.meta.dirname, '../../../app/globals.css'), 'utf8')
const [light, dark] = [css.slice(css.indexOf(':root {')), css.slice(css.indexOf(':root[data-theme="dark"]'))]
const paletteIn = (block: string) =>
  Array.from({ length: partitionColours }, (_, n) => new RegExp(`--p${n}: (#[0-9a-f]{6})`).exec(block)![1]!)
const themes = [
  { name: 'light', colours: paletteIn(light), panel: 0.98 },
  { name: 'dark', colours: paletteIn(dark), panel: 0.012 },
]

describe.each(themes)('partition colours, $name', ({ colours, panel }) => {
  test.each(Object.keys(visions))('any two can be told apart: %s', (vision) => {
    const points = colours.map((colour) => lab(seen(parse(colour), visions[vision]!)))
    const close: string[] = []
    points.forEach((a, i) => {
      points.slice(i + 1).forEach((b, j) => {
        const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
        if (distance < 0.08) close.push(`${i} and ${i + 1 + j}: ${distance.toFixed(3)}`)
      })
    })
    expect(close).toEqual([])
  })

  test.each(colours)('%s stands out from the panel by 3 : 1', (colour) => {
    const [brighter, darker] = [luminance(parse(colour)), panel].sort((a, b) => b - a)
    expect((brighter! + 0.05) / (darker! + 0.05)).toBeGreaterThanOrEqual(3)
  })
})

test('partition 12 has the colour of partition 0', () => expect(partitionColour(12)).toBe(partitionColour(0)))
