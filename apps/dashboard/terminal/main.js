// The page of a terminal in a container: /terminal?container=NAME, and &node= if several nodes have one with this name.
import { runPage } from '../shared/page.js';
import { element, setText } from '../shared/table.js';
import { openTerminal } from './connection.js';
import { screen } from './screen.js';

const parameters = new URLSearchParams(location.search);
const container = parameters.get('container') ?? '';
const node = parameters.get('node');

const form = element('#connect', HTMLFormElement);
const connectButton = element('#connect [type=submit]', HTMLButtonElement);
const disconnectButton = element('#disconnect', HTMLButtonElement);
const state = element('#connection', HTMLElement);
const problem = element('main .problem', HTMLElement);
const screenReader = element('#screen-reader', HTMLInputElement);

/** @type {import('./types.d.ts').TerminalConnection | undefined} */
let connection;

/** @param {string} name */
const textOf = name => element(`#connect [name=${name}]`, HTMLInputElement).value.trim();

function connect() {
  connection?.close();
  setText(problem, '');
  connectButton.hidden = true;
  disconnectButton.hidden = false;
  screen.open();
  connection = openTerminal(
    { container, node, command: textOf('command'), user: textOf('user') },
    {
      size: () => screen.size,
      onState(text, isConnected) {
        setText(state, text);
        screen.acceptInput(isConnected);
      },
      onOutput: screen.write,
      onEnd(text, isProblem) {
        connection = undefined;
        screen.acceptInput(false);
        setText(state, isProblem ? '' : text);
        setText(problem, isProblem ? text : '');
        connectButton.hidden = false;
        disconnectButton.hidden = true;
        connectButton.focus();
      },
    },
  );
}

form.addEventListener('submit', event => {
  event.preventDefault();
  connect();
});
disconnectButton.addEventListener('click', () => connection?.close());
screenReader.addEventListener('change', () => screen.supportScreenReaders(screenReader.checked));
screen.listen(
  text => connection?.write(text),
  size => connection?.resize(size),
  () => disconnectButton.focus(),
);
// Without this, the command would run for another minute, waiting for a connection that this page can no longer make.
window.addEventListener('pagehide', () => connection?.close());

setText(element('#terminal-title', HTMLElement), container === '' ? 'Terminal' : `Terminal in ${container}`);
element('#no-container', HTMLElement).hidden = container !== '';
form.hidden = container === '';

await runPage({
  title: `podman-api terminal${container === '' ? '' : ` in ${container}`}`,
  async load() {},
  show() {},
  reset() {
    connection?.close();
    screen.clear();
    setText(state, '');
    setText(problem, '');
  },
});
