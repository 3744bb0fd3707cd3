import { GenericContainer, getContainerRuntimeClient, Network } from 'testcontainers';
import type { ScriptInput } from './run-testcontainers.ts';

const [, , given = '{}'] = process.argv;
const { image, network: label }: ScriptInput = JSON.parse(given);

const network = await new Network().start();
const server = await new GenericContainer(image)
  .withCommand(['sh', '-c', 'echo hello > /tmp/index.html; exec httpd -f -p 8080 -h /tmp'])
  .withExposedPorts(8080)
  .withNetwork(network)
  .withNetworkAliases('web')
  .withLabels({ test: label })
  .start();
const page = await fetch(`http://${server.getHost()}:${server.getMappedPort(8080)}/index.html`).then(response => response.text());
const exec = await server.exec(['sh', '-c', 'echo err >&2; sleep 0.2; echo out; exit 3']);
const client = await new GenericContainer(image).withCommand(['sleep', '300']).withNetwork(network).withLabels({ test: label }).start();
const fromOther = await client.exec(['wget', '-q', '-O', '-', 'http://web:8080/index.html']);
await client.stop();
await server.stop();
await network.stop();
const { container } = await getContainerRuntimeClient();
const left = await container.fetchByLabel('test', label);
const result = { page, exec: { output: exec.output, exitCode: exec.exitCode }, fromOther: fromOther.output, left: left ? [left.id] : [] };
console.log(`RESULT ${JSON.stringify(result)}`);
