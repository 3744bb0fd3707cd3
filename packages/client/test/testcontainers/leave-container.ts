import { GenericContainer } from 'testcontainers';

// Starts a web server by testcontainers-node, reads its page, and exits without stopping it: that is left to Ryuk.
const [, , image = '', name = ''] = process.argv;
const server = await new GenericContainer(image)
  .withName(name)
  .withCommand(['sh', '-c', 'echo hello > /tmp/index.html; exec httpd -f -p 8080 -h /tmp'])
  .withExposedPorts(8080)
  .start();
const response = await fetch(`http://${server.getHost()}:${server.getMappedPort(8080)}/index.html`);
console.log(`RESULT ${(await response.text()).trim()}`);
process.exit(0);
