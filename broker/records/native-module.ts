import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * A package of native code, loaded when it is first called for: linking one takes some milliseconds, a tenth of the
 * broker's whole start, and most brokers never see a codec. `Module` is the package's own type.
 */
export function nativeModule<Module>(name: string): () => Module {
  let loaded: Module | undefined
  return () => {
    loaded ??= require(name) as Module
    return loaded
  }
}
