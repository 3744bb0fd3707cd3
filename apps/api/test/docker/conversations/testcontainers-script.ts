import { GenericContainer, Network, Wait } from 'testcontainers';

const [, , image = '', name = ''] = process.argv;

const network = await new Network().start();
const container = await new GenericContainer(image)
  .withName(name)
  .withCommand(['sh', '-c', 'echo ready; exec sleep 300'])
  .withExposedPorts(8080)
  .withNetwork(network)
  .withNetworkAliases('web')
  .withCopyContentToContainer([{ content: 'hello\n', target: '/tmp/copied.txt' }])
  // The usual wait, for a port, asks as often as the container takes, so no two conversations would be the same.
  .withWaitStrategy(Wait.forLogMessage('ready'))
  .start();
await container.exec(['sh', '-c', 'cat /tmp/copied.txt; echo err >&2; exit 3']);
await container.stop();
await network.stop();
