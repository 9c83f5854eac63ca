import { eligibleLeaderReplicasFeature } from '../cluster/features.ts'
import { type ConfigResourceType, configResourceType } from '../cluster/metadata-image.ts'
import type { BrokerNode } from '../cluster/node.ts'
import { topicNameFault } from '../cluster/topic-name.ts'
import { brokerConfigs } from '../core/config/broker-configs.ts'
import { SubscriptionError, validateSubscription } from '../core/config/client-metrics-configs.ts'
import type { ConfigTable } from '../core/config/definition.ts'
import { groupConfigs } from '../core/config/group-configs.ts'
import { ConfigError } from '../core/config/parse.ts'
import { brokerOverride, inherited, type Overrides } from '../core/config/resolve.ts'
import { topicConfigs } from '../core/config/topic-configs.ts'
import {
  validateBrokerOverrides,
  validateGroupOverrides,
  validateLocalRetention,
  validateTopicOverrides,
} from '../core/config/validate.ts'
import { errorCode } from '../protocol/error-codes.ts'
import { duplicatesOf } from './duplicates.ts'

/** What an alteration does to one config (KIP-339); the numbers are the wire's. */
export const configOperation = { set: 0, delete: 1, append: 2, subtract: 3 } as const

export type ConfigAlteration = {
  readonly name: string
  readonly configOperation: number
  readonly value: string | null
}

export type AlteredResource = {
  readonly resourceType: number
  readonly resourceName: string
  readonly configs: readonly ConfigAlteration[]
}

export type AlterOutcome = {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly resourceType: number
  readonly resourceName: string
}

export type AlterOptions = {
  readonly validateOnly: boolean
  /** AlterConfigs: what is not named goes back to its default, and broker loggers are left out. */
  readonly replace: boolean
}

/** A refusal on the way to a change; never leaves this file. */
class Refusal extends Error {
  readonly errorCode: number
  constructor(code: number, message: string) {
    super(message)
    this.errorCode = code
  }
}

/** Validates each resource and hands the good ones to the controller; results come in the order of the request. */
export function alterResources(
  node: BrokerNode,
  resources: readonly AlteredResource[],
  options: AlterOptions,
): AlterOutcome[] {
  const twice = duplicatesOf(resources.map(keyOf))
  return resources.map((resource) => {
    const { resourceType, resourceName } = resource
    try {
      if (twice.has(keyOf(resource))) throw invalidRequest('Each resource must appear at most once.')
      const outcome = alterResource(node, resource, options)
      return { errorCode: outcome.errorCode, errorMessage: outcome.message, resourceType, resourceName }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { errorCode: error.errorCode, errorMessage: error.message, resourceType, resourceName }
    }
  })
}

function alterResource(node: BrokerNode, resource: AlteredResource, options: AlterOptions) {
  refuseMalformed(resource.configs)
  const resourceType = resourceTypeOf(node, resource, options.replace)
  const { resourceName } = resource
  const before = node.image.configs(resourceType, resourceName)
  const after = new Map(options.replace ? [] : before)
  for (const alteration of resource.configs) apply(node, resourceType, after, alteration)
  validate(node, resourceType, resource, after)
  if (resourceType === configResourceType.broker) refuseUnshared(node, resource, after)
  const changes = new Map<string, string | null>()
  for (const name of before.keys()) if (!after.has(name)) changes.set(name, null)
  for (const [name, value] of after) if (before.get(name) !== value) changes.set(name, value)
  const [outcome] = node.controller.alterConfigs([{ resourceType, resourceName, changes }], {
    validateOnly: options.validateOnly,
  })
  return outcome!
}

function refuseMalformed(configs: readonly ConfigAlteration[]): void {
  if (duplicatesOf(configs.map(({ name }) => name)).size > 0) {
    throw invalidRequest('Error due to duplicate config keys')
  }
  const nulls = configs.filter(
    (each) => each.value === null && each.configOperation !== configOperation.delete,
  )
  if (nulls.length > 0) {
    throw invalidRequest(`Null value not supported for : ${nulls.map(({ name }) => name).join(', ')}`)
  }
}

/** Checks that the resource is one whose configs can be altered, here. */
function resourceTypeOf(node: BrokerNode, resource: AlteredResource, replace: boolean): ConfigResourceType {
  const { resourceType, resourceName: name, configs } = resource
  switch (resourceType) {
    case configResourceType.topic:
      refuseTopic(node, name)
      return resourceType
    case configResourceType.broker:
      if (name !== '') refuseOtherNode(node, name)
      return resourceType
    case configResourceType.group:
      if (name === '') throw invalidRequest('Default group resources are not allowed.')
      return resourceType
    case configResourceType.brokerLogger:
      if (replace) throw invalidRequest(`Unknown resource type ${resourceType}`)
      refuseOtherNode(node, name)
      // There are no loggers of Kafka's here, so each that is named is unknown.
      if (configs.length > 0) throw invalidConfig(`Logger ${configs[0]!.name} does not exist!`)
      return resourceType
    case configResourceType.clientMetrics:
      if (name === '') throw invalidRequest("Subscription name can't be empty")
      return resourceType
    default:
      throw invalidRequest(`Unknown resource type ${resourceType}`)
  }
}

function refuseTopic(node: BrokerNode, name: string): void {
  if (name === '') throw invalidRequest('Default topic resources are not allowed.')
  const fault = topicNameFault(name)
  if (fault) throw new Refusal(errorCode.invalidTopicException, fault)
  if (!node.image.topic(name)) {
    throw new Refusal(errorCode.unknownTopicOrPartition, `The topic '${name}' does not exist.`)
  }
}

function refuseOtherNode(node: BrokerNode, name: string): void {
  if (!/^[+-]?\d+$/.test(name)) throw invalidRequest(`Node id must be an integer, but it is: ${name}`)
  if (Number(name) !== node.nodeId) {
    throw invalidRequest(`Unexpected broker id, expected ${node.nodeId}, but received ${name}`)
  }
}

function apply(
  node: BrokerNode,
  type: ConfigResourceType,
  overrides: Map<string, string>,
  { name, configOperation: operation, value }: ConfigAlteration,
): void {
  switch (operation) {
    case configOperation.delete:
      overrides.delete(name)
      return
    case configOperation.set:
      overrides.set(name, value!)
      return
    case configOperation.append:
    case configOperation.subtract: {
      const verb = operation === configOperation.append ? 'APPEND' : 'SUBTRACT'
      if (tableOf(type)[name]?.type !== 'LIST') {
        throw invalidConfig(`Can't ${verb} to key ${name} because its type is not LIST.`)
      }
      const items = itemsOf(overrides.get(name) ?? inForce(node, type, name))
      const named = itemsOf(value!)
      const changed =
        operation === configOperation.append
          ? new Set([...items, ...named])
          : [...items].filter((item) => !named.has(item))
      overrides.set(name, [...changed].join(','))
      return
    }
    default:
      throw invalidRequest(`Unknown operation ${operation} on config ${name}`)
  }
}

/** The list that an unset config has: APPEND and SUBTRACT start from there. */
function inForce(node: BrokerNode, type: ConfigResourceType, name: string): string {
  const definition = tableOf(type)[name]!
  const text =
    type === configResourceType.broker
      ? brokerOverride(node.configSources, name)
      : inherited(definition, node.configSources)
  return text ?? definition.default ?? ''
}

function itemsOf(text: string): Set<string> {
  return new Set(text.trim() === '' ? [] : text.trim().split(/\s*,\s*/))
}

function tableOf(type: ConfigResourceType): ConfigTable {
  if (type === configResourceType.topic) return topicConfigs
  if (type === configResourceType.broker) return brokerConfigs
  // What Kafka has no schema for when it appends, though two of a subscription's configs are lists.
  return type === configResourceType.group ? groupConfigs : {}
}

function validate(
  node: BrokerNode,
  type: ConfigResourceType,
  { configs, resourceName }: AlteredResource,
  overrides: Overrides,
): void {
  try {
    if (type === configResourceType.topic) validateTopicOverrides(overrides, node.configSources)
    if (type === configResourceType.group) validateGroupOverrides(overrides, node.configSources)
    if (type === configResourceType.clientMetrics) validateSubscription(overrides)
    if (type === configResourceType.broker) {
      const named = new Set(configs.map(({ name }) => name))
      validateBrokerOverrides(new Map([...overrides].filter(([name]) => named.has(name))))
      const layer = resourceName === '' ? 'dynamicDefault' : 'dynamicBroker'
      validateLocalRetention({ ...node.configSources, [layer]: overrides })
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    // Kafka calls a bad broker config an invalid request.
    const isRequest = type === configResourceType.broker || error instanceof SubscriptionError
    throw isRequest ? invalidRequest(error.message) : invalidConfig(error.message)
  }
}

/** With eligible leader replicas all brokers share one `min.insync.replicas` (KIP-966). */
function refuseUnshared(
  { image }: BrokerNode,
  { resourceName, configs }: AlteredResource,
  after: Overrides,
): void {
  if ((image.features.get(eligibleLeaderReplicasFeature) ?? 0) === 0) return
  const name = 'min.insync.replicas'
  if (resourceName !== '' && configs.some((each) => each.name === name)) {
    throw invalidConfig(`Broker-level ${name} cannot be altered while ELR is enabled.`)
  }
  if (resourceName === '' && !after.has(name)) {
    throw invalidConfig(`Cluster-level ${name} cannot be removed while ELR is enabled.`)
  }
}

function keyOf({ resourceType, resourceName }: AlteredResource): string {
  return `${resourceType} ${resourceName}`
}

function invalidRequest(message: string): Refusal {
  return new Refusal(errorCode.invalidRequest, message)
}

function invalidConfig(message: string): Refusal {
  return new Refusal(errorCode.invalidConfig, message)
}
