import type { Disk } from '../core/disk.ts'
import { replaceFile } from './checkpoint-file.ts'
import { diskCall } from './log-error.ts'

/** Kafka's meta.properties of a data folder (version 1). */
export type MetaProperties = { clusterId: string; nodeId: number; directoryId: string }

/** undefined when there is no file, or none that says which cluster and node. */
export function readMetaProperties(disk: Disk, path: string): MetaProperties | undefined {
  const bytes = diskCall('read', path, () => disk.readFile(path))
  const properties = new Map(bytes && parseProperties(bytes.toString('utf8')))
  const clusterId = properties.get('cluster.id')
  const nodeId = Number(properties.get('node.id') ?? properties.get('broker.id'))
  if (clusterId === undefined || !Number.isInteger(nodeId)) return undefined
  return { clusterId, nodeId, directoryId: properties.get('directory.id') ?? '' }
}

export function writeMetaProperties(
  disk: Disk,
  path: string,
  properties: MetaProperties,
  nowMs: number,
): void {
  const { clusterId, nodeId, directoryId } = properties
  const lines = [
    '#',
    `#${new Date(nowMs).toISOString()}`,
    `cluster.id=${clusterId}`,
    'version=1',
    `node.id=${nodeId}`,
  ]
  replaceFile(disk, path, Buffer.from([...lines, `directory.id=${directoryId}`, ''].join('\n')))
}

/** Kafka's partition.metadata: the topic's id; undefined when the file is absent or damaged. */
export function readTopicId(disk: Disk, path: string): string | undefined {
  const bytes = diskCall('read', path, () => disk.readFile(path))
  return bytes && /^version: 0\ntopic_id: (\S{22})\s*$/.exec(bytes.toString('utf8'))?.[1]
}

/** Written in place, into a new folder, and not fsynced: the metadata log knows the id as well. */
export function writeTopicId(disk: Disk, path: string, topicId: string): void {
  diskCall('write', path, () => {
    const descriptor = disk.open(path, 'write')
    try {
      disk.writev(descriptor, [Buffer.from(`version: 0\ntopic_id: ${topicId}`)], 0)
    } finally {
      disk.close(descriptor)
    }
  })
}

function parseProperties(text: string): [string, string][] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*([^#!=\s][^=\s]*)\s*=\s*(.*?)\s*$/.exec(line)
    return match ? [[match[1]!, match[2]!.replace(/\\(.)/g, '$1')] as [string, string]] : []
  })
}
