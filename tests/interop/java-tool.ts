import { type Child, startChild } from '../support/child.ts'
import { kafkaClassPath } from '../support/kafka-jars.ts'

/** Small and quick to start: a tool runs for a second or two. */
const flags = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx256m', '-Dmillrace.rootLevel=ERROR']

/** Starts a class of Apache Kafka's jars, or of `folder`, in a JVM of its own. */
export async function startJava(
  mainClass: string,
  args: readonly string[],
  { folder, input }: { folder?: string; input?: string } = {},
): Promise<Child> {
  const classPath = await kafkaClassPath()
  const path = folder === undefined ? classPath : `${folder}:${classPath}`
  return startChild('java', [...flags, '-cp', path, mainClass, ...args], { input })
}

/** Runs a tool to its end; gives its exit code and what it printed. */
export async function runJava(
  mainClass: string,
  args: readonly string[],
  { timeoutMs, input }: { timeoutMs: number; input?: string },
): Promise<{ code: number; output: string }> {
  await using child = await startJava(mainClass, args, input === undefined ? {} : { input })
  const timer = setTimeout(() => void child.stop(0), timeoutMs)
  const code = await child.exited
  clearTimeout(timer)
  return { code, output: child.output() }
}
