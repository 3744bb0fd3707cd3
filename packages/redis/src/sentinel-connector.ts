import { SentinelConnector } from 'ioredis';

type SentinelOptions = ConstructorParameters<typeof SentinelConnector>[0];
type Connect = SentinelConnector['connect'];

/**
 * Connects to the master that the sentinels name. In ioredis 6.0.0, a sentinel's message about a new master that arrives
 * while a lost connection is being replaced ends the connection for good: the message aborts the attempt, and ioredis
 * takes that for a deliberate end. Here an attempt does not listen to the sentinels of the connection before; it asks
 * them for the master anyway.
 */
export class ReconnectingSentinelConnector extends SentinelConnector {
  constructor(options: unknown) {
    if (!isSentinelOptions(options)) throw new TypeError('This connector needs the addresses of sentinels.');
    super(options);
  }

  override connect(onError: Parameters<Connect>[0]): ReturnType<Connect> {
    const detector: unknown = this['failoverDetector'];
    if (isDetector(detector)) detector.cleanup();
    return super.connect(onError);
  }
}

function isSentinelOptions(options: unknown): options is SentinelOptions {
  return typeof options === 'object' && options !== null && 'sentinels' in options && Array.isArray(options.sentinels);
}

/** Tells whether a value is what listens to the sentinels for a new master; `cleanup` ends that. */
function isDetector(value: unknown): value is { cleanup(): void } {
  return typeof value === 'object' && value !== null && 'cleanup' in value && typeof value.cleanup === 'function';
}
