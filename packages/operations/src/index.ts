export type { ContainerFile, TerminalSize } from '@podman-api/podman';
export type { CommitPauses } from './commit-pauses.ts';
export { allocationOf, type ContainerAllocation } from './container/allocation.ts';
export { type ClaimInput, claim } from './container/claim/index.ts';
export { type PoolDeclaration, type PoolSpecification, poolDeclaration, poolSpecification } from './container/create/pool-specification.ts';
export { memoryBytes } from './container/create/resources.ts';
export { startContainer } from './container/create/run.ts';
export { type IdleContainer, type KnownContainer, readKnownContainers } from './container/expiry/known-containers.ts';
export { find } from './container/find/index.ts';
export { logTime, parseLogTime } from './container/logs/log-time.ts';
export { type HealthCheck, readHealthCheck } from './container/lookup/health-check.ts';
export { membershipLabel, newContainerName, type PoolMembership } from './container/pool-membership.ts';
export { readPublishedPorts } from './container/published-ports.ts';
export { jobLabel } from './container/service-labels.ts';
export { followStats } from './container/stats/follow.ts';
export type { ContainerStats } from './container/stats/sample.ts';
export { parseTerminalReport, parseTerminalRequest, type TerminalReport, type TerminalRequest } from './container/terminal/messages.ts';
export { OutputFrames, packOutput } from './container/terminal/output-frames.ts';
export type { ContainerEvent, ContainerFeed, ContainerListener, ContainerState } from './container-feed.ts';
export { dockerAttach } from './docker/attach.ts';
export { type DockerCreated, type DockerCreateInput, dockerCreateContainer } from './docker/create-container.ts';
export { dockerNetworkName, familiarName, podmanNetworkName, sessionLabel } from './docker/docker-names.ts';
export { type DockerImage, type DockerListedImage, dockerInspectImage, dockerListImages } from './docker/images.ts';
export { type DockerContainer, dockerInspectContainer } from './docker/inspect-container.ts';
export { type DockerListed, type DockerListInput, dockerListContainers } from './docker/list-containers.ts';
export { type DockerNetwork, dockerListNetworks } from './docker/list-networks.ts';
export { type DockerLogsInput, dockerLogs } from './docker/logs.ts';
export { dockerRemoveLabelled, type RemovedLabelled } from './docker/remove-labelled.ts';
export { dockerStartAttached } from './docker/start-attached.ts';
export { dockerTunnel } from './docker/tunnel.ts';
export { maxStreamSeconds } from './max-stream-seconds.ts';
export type {
  ContainerResources,
  DownloadHead,
  Effect,
  Lane,
  Operation,
  RequestedTask,
  ResourceReach,
  Scope,
  StreamEvent,
  StreamMessage,
  StreamVariant,
  Task,
  TaskContext,
} from './operation.ts';
export { enforcePolicy, forbiddenError } from './policy/enforce-policy.ts';
export { type Policy, type PolicyVariables, policyOf, policyVariables } from './policy/policy.ts';
export type { ClaimRequest, ContainerClaim, PoolContainers } from './pool-containers.ts';
export {
  containerOperations,
  dockerTasks,
  findOperation,
  findTask,
  imageOperations,
  networkOperations,
  operations,
  streamOperations,
  taskNames,
  volumeOperations,
} from './registry.ts';
export type { Renewals } from './renewals.ts';
export { createRun } from './run/create/index.ts';
export { type RunInput, runInput } from './run/create/input.ts';
export { boundedList, boundedText } from './schemas/bounds.ts';
export { hasLabels } from './schemas/label-filter.ts';
export { poolName } from './schemas/names.ts';
export { labels, type NodesChoice, nodeName } from './schemas/nodes.ts';
export { queryFlag, queryInteger } from './schemas/query.ts';
export { anyText, count, instant, listOf, part, shape, stringMap } from './schemas/shape.ts';
export { suggestField } from './schemas/suggest.ts';
export { shortId } from './short-id.ts';
export { fieldsOf, validateAgainst, validateInput, validationError } from './validate-input.ts';
export type { Volume } from './volume/lookup/volume.ts';
