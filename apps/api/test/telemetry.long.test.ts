import { sharedService, startApi, until } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { startSilentServer } from './telemetry/collector.ts';

describe('traces', () => {
  it('do not keep a process from exiting if the collector never answers', async () => {
    const silent = await startSilentServer();
    const { api, call } = await startApi({
      ...sharedService().env,
      OTEL_EXPORTER_OTLP_ENDPOINT: silent.url,
      // Longer than the test may take.
      OTEL_EXPORTER_OTLP_TIMEOUT: '3600000',
      OTEL_BSP_EXPORT_TIMEOUT: '3600000',
    });
    await call('GET', '/health');
    await until(() => silent.requestCount() > 0);
    expect(await api.end()).toBe(0);
    expect(api.output()).toContain('the last traces were not sent: the collector does not answer');
  });
});
