// Runs in the browser: tries to use the API by every means a page has, and reports what it saw of each.
const { api, job, image, name, victim } = Object.fromEntries(new URLSearchParams(location.search));
const containers = `${api}/api/v1/containers`;
const create = JSON.stringify({ image, name, command: 'sleep 300' });
const json = { 'Content-Type': 'application/json' };

const describe = async response => (response.type === 'opaque' ? 'opaque' : `${response.status} ${await response.text()}`);
const send = async (url, options) => describe(await fetch(url, options));
/** Resolves with the first of the events that a target emits. */
const first = (target, ...events) =>
  new Promise(resolve => {
    for (const event of events) target.addEventListener(event, () => resolve(event), { once: true });
  });

const add = (tag, fields, parent = document.body) => parent.appendChild(Object.assign(document.createElement(tag), fields));

/** Submits a form into a frame, which needs no script. */
function submit(enctype, fields) {
  const frame = add('iframe', { name: enctype });
  const form = add('form', { action: containers, method: 'POST', enctype, target: frame.name });
  for (const [key, value] of Object.entries(fields)) add('input', { name: key, value }, form);
  form.submit();
  return first(frame, 'load', 'error');
}

const attempts = {
  // As text/plain a field is `name=value`, which can be made JSON.
  'form as text': () => submit('text/plain', { [`${create.slice(0, -1)},"labels":{"x":"`]: '"}}' }),
  'form urlencoded': () => submit('application/x-www-form-urlencoded', { image, name }),
  'blind GET': () => send(containers, { mode: 'no-cors' }),
  'blind POST': () => send(containers, { mode: 'no-cors', method: 'POST', body: create }),
  'blind DELETE': () => send(`${containers}/${victim}?force=true`, { mode: 'no-cors', method: 'DELETE' }),
  beacon: async () => String(navigator.sendBeacon(containers, create)),
  'fetch GET': () => send(containers),
  'fetch JSON': () => send(containers, { method: 'POST', headers: json, body: create }),
  'fetch DELETE': () => send(`${containers}/${victim}?force=true`, { method: 'DELETE' }),
  image: () => first(add('img', { src: `${containers}/${victim}` }), 'load', 'error'),
  script: () => first(add('script', { src: containers }), 'load', 'error'),
  socket: () => first(new WebSocket(job.replace('http:', 'ws:')), 'open', 'error'),
  events: () => first(new EventSource(job), 'open', 'error'),
};

/** Returns the name of an attempt with its result or error as text. */
async function outcome([what, attempt]) {
  return [what, await attempt().catch(error => String(error))];
}

// One at a time: a browser opens few connections to a host.
const seen = [];
for (const attempt of Object.entries(attempts)) seen.push(await outcome(attempt));
await fetch('/report', { method: 'POST', body: JSON.stringify(Object.fromEntries(seen)) });
