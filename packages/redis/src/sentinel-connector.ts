import { SentinelConnector } from 'ioredis';

type SentinelOptions = ConstructorParameters<typeof SentinelConnector>[0];
type SentinelConnect = SentinelConnector['connect'];

/**
 * Connects to the master that the sentinels report. In ioredis 6.0.0, a message about a new master that arrives during a reconnection stops
 * the client permanently: it aborts the attempt, and ioredis treats the abort as a deliberate disconnect. This class removes the failover
 * detector of the previous connection before each attempt. The attempt does not need the detector, because it queries the sentinels itself.
 */
export class ReconnectingSentinelConnector extends SentinelConnector {
  constructor(options: unknown) {
    if (!isSentinelOptions(options)) throw new TypeError('ReconnectingSentinelConnector needs the option `sentinels`.');
    super(options);
  }

  override connect(onError: Parameters<SentinelConnect>[0]): ReturnType<SentinelConnect> {
    const detector: unknown = this['failoverDetector'];
    if (isDetector(detector)) detector.cleanup();
    return super.connect(onError);
  }
}

function isSentinelOptions(options: unknown): options is SentinelOptions {
  return typeof options === 'object' && options !== null && 'sentinels' in options && Array.isArray(options.sentinels);
}

/** Returns whether a value is a failover detector, which `cleanup` stops. */
function isDetector(value: unknown): value is { cleanup(): void } {
  return typeof value === 'object' && value !== null && 'cleanup' in value && typeof value.cleanup === 'function';
}
