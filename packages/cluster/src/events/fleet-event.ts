/** Types of objects in podman's events. */
export const eventTypes = ['container', 'image', 'network', 'volume'] as const;

/** An event of podman on a node. It contains only what lists show: no labels and no variables. */
export interface NodeEvent {
  readonly type: (typeof eventTypes)[number];
  /** Podman's name for the change, such as `start`, `died` or `health_status`. */
  readonly action: string;
  /** The short id of the container or image; `''` for a volume. */
  readonly resource_id: string;
  /** The full id of the container or image, for Docker's clients only; `''` for others. */
  readonly full_id: string;
  readonly name: string;
  /** Reference of a container's image. */
  readonly image: string | null;
  readonly node: string;
  /** ISO 8601. */
  readonly time: string;
  /** Exit code of a container that has died. */
  readonly exit_code: number | null;
  /** Health of a container, in a `health_status`. */
  readonly health: string | null;
}

/** Events may be missing here. */
export interface GapEvent {
  readonly type: 'gap';
  /** `trimmed`: earlier events are no longer stored; `missed`: a node could not record all of its events. */
  readonly reason: 'trimmed' | 'missed';
  /** The node whose events are missing; `null` for all. */
  readonly node: string | null;
  readonly time: string;
}

/** An entry of the fleet's events. */
export type FleetEvent = NodeEvent | GapEvent;

/** Age at which entries are removed when another one is added. A node does not forward missed events that are older. */
export const maxEventAgeMs = 3_600_000;
/** Maximum number of stored entries, which take about 4 MiB. */
export const maxEvents = 10_000;
