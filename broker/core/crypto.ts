let loaded: typeof import('node:crypto') | undefined

/**
 * `node:crypto`, loaded when it is first called for: that takes some 4 ms of processor time, and a broker that starts
 * on a data folder which it knows needs nothing of it.
 */
export function nodeCrypto(): typeof import('node:crypto') {
  loaded ??= process.getBuiltinModule('node:crypto')
  return loaded
}
