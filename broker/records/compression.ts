export type CompressionName = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
