'use client'

import { useTheme } from 'next-themes'
import { type ReactNode, useEffect, useRef } from 'react'
import { partitionColour } from '../format/colour.ts'
import { blockWidth, type LaneFeed, laneWindowMs } from './lane-feed.ts'

const arrivalMs = 90
const stillEveryMs = 1000

type Ink = { lane: string; record: string; arrival: string }

function inkOf(canvas: HTMLCanvasElement, partition: number): Ink {
  const style = getComputedStyle(canvas)
  const read = (name: string) => style.getPropertyValue(name).trim()
  return {
    lane: read('--line-strong'),
    record: read(partitionColour(partition).slice(4, -1)),
    arrival: read('--text'),
  }
}

function draw(
  canvas: HTMLCanvasElement,
  feed: LaneFeed,
  partition: number,
  ink: Ink,
  nowMs: number,
): boolean {
  const scale = window.devicePixelRatio || 1
  const width = canvas.clientWidth
  const height = canvas.clientHeight
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale)
  if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale)
  const context = canvas.getContext('2d')
  if (!context) return false
  context.setTransform(scale, 0, 0, scale, 0, 0)
  context.clearRect(0, 0, width, height)
  context.fillStyle = ink.lane
  context.fillRect(0, height / 2 - 0.5, width, 1)
  const blocks = feed.blocks(partition, nowMs)
  for (const block of blocks) {
    const age = nowMs - block.atMs
    const right = width - (age / laneWindowMs) * width
    const size = blockWidth(block.count)
    context.globalAlpha = Math.max(0.25, 1 - age / laneWindowMs)
    context.fillStyle = age < arrivalMs ? ink.arrival : ink.record
    if (block.count <= 4)
      for (let cell = 0; cell < block.count; cell++)
        context.fillRect(right - size + cell * 4, height / 2 - 5, 3, 10)
    else context.fillRect(right - size, height / 2 - 5, size, 10)
  }
  context.globalAlpha = 1
  return blocks.length > 0
}

/**
 * One partition as a lane: records enter at the right when the broker has appended them and flow left. The figures
 * beside it say the same, so screen readers pass it by. With reduced motion it is redrawn once a second.
 */
export function Lane({ feed, partition }: { feed: LaneFeed; partition: number }): ReactNode {
  const ref = useRef<HTMLCanvasElement>(null)
  const { resolvedTheme } = useTheme()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the CSS variables say
  useEffect(() => {
    const canvas = ref.current
    if (!canvas) return
    const ink = inkOf(canvas, partition)
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    let frame = 0
    let drawnAt = Number.NEGATIVE_INFINITY
    let hadBlocks = true
    function tick(nowMs: number): void {
      frame = requestAnimationFrame(tick)
      if (still && nowMs - drawnAt < stillEveryMs) return
      const lane = canvas as HTMLCanvasElement
      if (!hadBlocks && feed.blocks(partition, nowMs).length === 0) return
      hadBlocks = draw(lane, feed, partition, ink, nowMs)
      drawnAt = nowMs
    }
    frame = requestAnimationFrame(tick)
    return () => cancelAnimationFrame(frame)
  }, [feed, partition, resolvedTheme])
  return <canvas ref={ref} aria-hidden className="block h-5 w-full" />
}
