import { images, type Service, startApi, startService, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';
import { evaluate, sendToken, textOf } from './overview/page-actions.ts';
import { startRelay } from './overview/relay.ts';
import { expectNoProblems } from './pages/expect-page.ts';
import { waitForText } from './resources/page-actions.ts';
import { connectTerminal, openTerminalPage, readScreen, typeLine, waitForOutput, waitForState } from './terminals/terminal-page.ts';

let service: Service;
let container: string;
beforeAll(async () => {
  service = await startService();
  container = await startContainer(images.busybox);
});
afterAll(() => service.stop());

const processes = () => testPodman().run(['exec', '--', container, 'ps']);

describe('terminal page', () => {
  it('gives the terminal the size of the window, also when it changes', async () => {
    const opened = await openTerminalPage(service.url, container);
    await connectTerminal(opened);
    const sizeOf = async () => {
      await typeLine(opened, 'echo size=$(stty size)=');
      await until(async () => /size=\d+ \d+=/.test(await readScreen(opened)));
      const text = await readScreen(opened);
      return [...text.matchAll(/size=\d+ (\d+)=/g)].at(-1)?.[1];
    };
    const wide = Number(await sizeOf());
    expect(wide).toBeGreaterThan(80);
    await opened.page.setViewport({ width: 480, height: 900 });
    await until(async () => Number(await sizeOf()) < wide / 2);
    await expectNoProblems(opened, service.url);
  });

  /*
   * 1. The connection is lost while a command writes lines.
   * 2. The page says so, and connects again by itself.
   * 3. It shows every line, once.
   */
  it('continues after a lost connection without losing output', async () => {
    const relay = await startRelay(service.url);
    const opened = await openTerminalPage(relay.url, container);
    await connectTerminal(opened);
    await typeLine(
      opened,
      'n=0; until [ -e /tmp/go ]; do sleep 0.1; done; while [ $n -lt 9 ]; do n=$((n+1)); echo line-$n.; sleep 0.2; done',
    );
    relay.interrupt();
    await waitForState(opened, 'The connection was lost. Connecting again.');
    await testPodman().run(['exec', '--', container, 'touch', '/tmp/go']);
    relay.resume();
    await waitForState(opened, 'Connected.');
    await waitForOutput(opened, 'line-9.');
    const lines = (await readScreen(opened)).match(/line-\d\./g);
    expect(lines).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map(number => `line-${number}.`));
    await typeLine(opened, 'echo after-$((40+2))');
    await waitForOutput(opened, 'after-42');
  });

  it('shows the end of a flood of output', async () => {
    const opened = await openTerminalPage(service.url, container);
    await connectTerminal(opened, "head -c 30000000 /dev/zero | tr '\\0' x; echo; echo end-$((40+2)); exec sh");
    await waitForOutput(opened, 'end-42');
    await waitForState(opened, 'Connected.');
    await typeLine(opened, 'exit 7');
    await waitForState(opened, 'The command has ended with exit code 7.');
  });

  it('can be left with the keyboard, and ends its command when it is disconnected', async () => {
    const opened = await openTerminalPage(service.url, container);
    await connectTerminal(opened, 'sleep 5432');
    await until(async () => (await processes()).includes('sleep 5432'));
    await opened.page.focus('#screen textarea');
    const { keyboard } = opened.page;
    await keyboard.press('Tab');
    expect(await evaluate(opened, 'document.activeElement.localName')).toBe('textarea');
    await keyboard.down('Shift');
    await keyboard.press('Escape');
    await keyboard.up('Shift');
    expect(await evaluate(opened, 'document.activeElement.id')).toBe('disconnect');
    await keyboard.press('Enter');
    await waitForState(opened, 'Disconnected.');
    await until(async () => !(await processes()).includes('sleep 5432'));
    await expectNoProblems(opened, service.url);
  });

  it('ends its command when the page is left', async () => {
    const opened = await openTerminalPage(service.url, container);
    await connectTerminal(opened, 'sleep 5433');
    await until(async () => (await processes()).includes('sleep 5433'));
    await opened.page.goto(`${service.url}/docs`);
    await until(async () => !(await processes()).includes('sleep 5433'));
  });

  it.each([
    ['there is no such container', () => uniqueContainerName(), 'sh', 'There is no container'],
    ['there is no such program', () => container, 'no-such-program', 'no-such-program'],
  ])('shows why a terminal cannot be opened if %s', async (_reason, nameOf, command, message) => {
    const opened = await openTerminalPage(service.url, nameOf());
    await opened.page.waitForSelector('#connect', { visible: true });
    await opened.page.click('#connect [name=command]', { count: 3 });
    await opened.page.keyboard.sendCharacter(command);
    await opened.page.click('#connect [type=submit]');
    await until(async () => (await evaluate(opened, "document.querySelector('#connect [type=submit]').checkVisibility()")) === 'true');
    const shown = `${await textOf(opened, '#connection')} ${await textOf(opened, 'main .problem')} ${await readScreen(opened)}`;
    expect(shown).toContain(message);
  });

  it('shows the error of a request that the API refuses before it opens a WebSocket', async () => {
    const opened = await openTerminalPage(service.url, container);
    await opened.page.waitForSelector('#connect', { visible: true });
    await opened.page.focus('#connect [name=user]');
    await opened.page.keyboard.sendCharacter('not a user');
    await opened.page.click('#connect [type=submit]');
    const { body } = await service.call('GET', `/containers/${container}/terminal?user=not%20a%20user`);
    expect(body).toMatchObject({ error: { code: 400, message: expect.stringContaining('user') } });
    await waitForText(opened, 'main .problem', JSON.parse(JSON.stringify(body)).error.message);
  });

  it('shows a hostile name as text, and refers to the overview without a name', async () => {
    const opened = await openTerminalPage(service.url, '<img src=x onerror=hurt=1>');
    await waitForText(opened, '#terminal-title', 'Terminal in <img src=x onerror=hurt=1>');
    await opened.page.click('#connect [type=submit]');
    await until(async () => (await textOf(opened, 'main .problem')) !== '');
    expect(await evaluate(opened, "[window.hurt, document.querySelectorAll('main img').length]")).toBe(',0');
    await opened.page.goto(`${service.url}/terminal`);
    await waitForText(opened, '#no-container', 'The address names no container: choose one on the overview.');
  });
});

describe('terminal page with tokens', () => {
  let url: string;
  let execToken: string;
  let readToken: string;
  beforeAll(async () => {
    const file = String(service.env['API_TOKENS_FILE']).replace('tokens', 'own-tokens');
    execToken = createToken(file, { write: () => {} }, 'shell', { scopes: 'exec' });
    readToken = createToken(file, { write: () => {} }, 'reader', { scopes: 'containers:read' });
    const started = await startApi({ ...service.env, API_TOKENS_FILE: file });
    ({ url } = started);
    return async () => {
      await started.api.end();
    };
  });

  it('opens a terminal by a ticket; the token is in no URL', async () => {
    const opened = await openTerminalPage(url, container);
    const requested: string[] = [];
    const session = await opened.page.createCDPSession();
    await session.send('Network.enable');
    session.on('Network.webSocketCreated', event => requested.push(event.url));
    opened.page.on('request', request => requested.push(request.url()));
    await sendToken(opened, execToken);
    await connectTerminal(opened);
    await typeLine(opened, 'echo shown-$((40+2))');
    await waitForOutput(opened, 'shown-42');
    expect(requested.some(address => /^ws:.*\bticket=ticket_/.test(address))).toBe(true);
    expect(requested.filter(address => address.includes(execToken))).toEqual([]);
    await expectNoProblems(opened, url);
  });

  it('names the scope that a token lacks', async () => {
    const opened = await openTerminalPage(url, container);
    await sendToken(opened, readToken);
    await opened.page.waitForSelector('#connect', { visible: true });
    await opened.page.click('#connect [type=submit]');
    await waitForText(
      opened,
      'main .problem',
      'The token reader lacks the scope exec, which this request needs: create another token with it.',
    );
  });

  it('forgets the token and ends the command on request', async () => {
    const opened = await openTerminalPage(url, container);
    await sendToken(opened, execToken);
    await connectTerminal(opened, 'sleep 5434');
    await until(async () => (await processes()).includes('sleep 5434'));
    await opened.page.click('#forget');
    await opened.page.waitForSelector('#token input', { visible: true });
    expect(await evaluate(opened, 'sessionStorage.length')).toBe('0');
    await until(async () => !(await processes()).includes('sleep 5434'));
  });
});
