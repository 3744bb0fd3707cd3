import { GenericContainer } from 'testcontainers';

// Prints a file of a folder of the host that testcontainers-node mounts in a container.
const [, , image = '', folder = '', label = ''] = process.argv;
const container = await new GenericContainer(image)
  .withBindMounts([{ source: folder, target: '/data', mode: 'ro' }])
  .withLabels({ policy: label })
  .withCommand(['sleep', '300'])
  .start();
const { output } = await container.exec(['cat', '/data/which']);
console.log(output);
await container.stop();
