// Tocsin over the TCP event-bus bridge, without a dependency: publishes events, follows events and
// notifications, connects again and goes on after the last event it saw. The forms and errors are in
// Tocsin's docs/bus.md. A program imports TocsinBus; from a shell:
//
//   export SERVER_URL=http://127.0.0.1:8480 BUS_ADDRESS=127.0.0.1:8481 ORGANIZATION_ID=…
//   export TOCSIN_ACCESS_KEY=… TOCSIN_ACCESS_SECRET=…
//   node tocsin-bus.mjs publish '{"eventName": "configuration.account.created", "new": {"id": "a1"}}'
//   node tocsin-bus.mjs follow events|notifications [id of the event to go on after]
//
// It ends with 1 when something is rejected or refused for good; what it will try again it says once.
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { pathToFileURL } from 'node:url';

const PAUSE = 1_000; // before connecting again
const PING_EVERY = 20_000; // the server closes what is silent for longer
const ANSWER_WITHIN = 60_000;

export class TocsinBus {
  #pending = new Map(); // reply address -> what waits for it
  #subscriptions = new Map(); // address -> {handler, after, eventName}
  #socket = null;
  #connected = false;
  #closed = false;
  #told = null; // the trouble that `trouble` was told of last

  /**
   * `token` is an async function that answers a token which is still good for a while; an error of
   * it that has a `status` of 4xx ends subscriptions. `trouble(reason)` is called when there is
   * another reason why nothing comes; it is tried again until there is none.
   */
  constructor({ host = '127.0.0.1', port = 8481, secure = false, organization, token, trouble = console.error }) {
    Object.assign(this, { host, port, secure, organization, token, trouble });
    this.#connect();
  }

  /** Sends one event or an array of them; answers what HTTP would: {status, headers, body}. */
  async publish(events) {
    const batch = Array.isArray(events) ? { events } : events;
    return this.publishText(JSON.stringify(batch));
  }

  /** The same for JSON text, which is kept to the last digit. Safe to repeat if events have ids. */
  async publishText(body) {
    const headers = { version: '1', authorization: `Bearer ${await this.token()}` };
    if (this.#socket.destroyed) throw new Error(this.#told ?? 'not connected');
    const replyAddress = randomUUID();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(replyAddress, 'reject', new Error('no answer')), ANSWER_WITHIN);
      this.#pending.set(replyAddress, { resolve, reject, timer });
      this.#send({ type: 'send', address: 'tocsin.ingest', replyAddress, headers, body });
    });
  }

  /** Follows 'events' or 'notifications': `handler(event)` is called once for each, in order. */
  follow(kind, handler, { after, eventName, refused = console.error } = {}) {
    const address = `tocsin.${kind}.${this.organization}`;
    this.#subscriptions.set(address, { handler, after, eventName, refused });
    if (this.#connected) this.#register(address);
  }

  close() {
    this.#closed = true;
    this.#socket?.destroy();
  }

  #connect() {
    const options = { host: this.host, port: this.port };
    const socket = this.secure ? tls.connect(options) : net.connect(options);
    const ping = setInterval(() => this.#send({ type: 'ping' }), PING_EVERY);
    let unread = Buffer.alloc(0);
    let reason = `no connection to ${this.host}:${this.port}: it was closed`;
    this.#socket = socket;
    socket.setTimeout(3 * PING_EVERY, () => socket.destroy(new Error('not even a pong came')));
    socket.on(this.secure ? 'secureConnect' : 'connect', () => {
      this.#connected = true;
      for (const address of this.#subscriptions.keys()) this.#register(address);
    });
    socket.on('data', (bytes) => {
      unread = Buffer.concat([unread, bytes]);
      while (unread.length >= 4 && unread.length >= 4 + unread.readInt32BE()) {
        const end = 4 + unread.readInt32BE();
        this.#take(JSON.parse(unread.toString('utf8', 4, end)));
        unread = unread.subarray(end);
      }
    });
    socket.on('error', (error) => {
      reason = error.tokenFailed ? error.message : `no connection to ${this.host}:${this.port}: ${cause(error)}`;
    }); // 'close' follows
    socket.on('close', () => {
      this.#connected = false;
      clearInterval(ping);
      this.#tell(reason);
      for (const address of [...this.#pending.keys()]) this.#settle(address, 'reject', new Error(reason));
      if (!this.#closed) setTimeout(() => this.#closed || this.#connect(), PAUSE);
    });
  }

  /** Tells what is not known yet. */
  #tell(reason) {
    if (this.#closed || this.#told === reason) return;
    this.#told = reason;
    this.trouble(reason);
  }

  /** What is sent while the connection is made waits in the socket. */
  #send(frame) {
    const text = Buffer.from(JSON.stringify(frame));
    const length = Buffer.alloc(4);
    length.writeInt32BE(text.length);
    this.#socket.write(Buffer.concat([length, text]), () => {});
  }

  async #register(address) {
    const socket = this.#socket;
    const { after, eventName } = this.#subscriptions.get(address);
    let token;
    try {
      token = await this.token();
    } catch (error) {
      if (error.status >= 400 && error.status < 500 && error.status !== 429) {
        this.#refuse(address, { status: error.status, headers: {}, body: { message: error.message } });
      } else if (socket === this.#socket) {
        socket.destroy(Object.assign(new Error(error.message), { tokenFailed: true })); // which has it tried again
      }
      return;
    }
    if (socket !== this.#socket || !this.#connected) return; // the next connection registers it
    const headers = { version: '1', authorization: `Bearer ${token}` };
    if (after) headers.after = after;
    if (eventName) headers.eventName = eventName;
    this.#send({ type: 'register', address, headers });
  }

  #take({ type, address, body, message }) {
    const subscription = this.#subscriptions.get(address);
    if (type !== 'err') this.#told = null; // all is well, so the next trouble is a new one
    if (subscription && body?.type === 'event') {
      subscription.handler(body.event);
      subscription.after = body.event.id;
    } else if (subscription && body?.type === 'end') {
      this.#ended(address, body);
    } else if (subscription && type === 'err') {
      this.#refuse(address, { status: 400, headers: {}, body: { message } });
    } else if (this.#pending.has(address) && type === 'err') {
      this.#settle(address, 'reject', new Error(message));
    } else if (type === 'err') {
      this.#tell(message);
    } else {
      this.#settle(address, 'resolve', body);
    }
  }

  /** A token that expired is replaced; whoever has no right, or asks for what is not there, is told. */
  #ended(address, end) {
    const again = end.status === 429 || end.status === 503 || end.body.code === 'expired_token';
    if (again) {
      setTimeout(() => this.#connected && this.#register(address), 1_000 * (end.headers['Retry-After'] ?? 1));
    } else {
      this.#refuse(address, end);
    }
  }

  #refuse(address, end) {
    const subscription = this.#subscriptions.get(address);
    this.#subscriptions.delete(address);
    subscription?.refused(end);
  }

  #settle(address, how, value) {
    const waiting = this.#pending.get(address);
    this.#pending.delete(address);
    clearTimeout(waiting?.timer);
    waiting?.[how](value);
  }
}

/** What a failure to connect comes from; of several addresses of a name, the code of them all. */
function cause(error) {
  return error.cause ? cause(error.cause) : (error.code ?? error.message);
}

/** Tokens for an access key, each used until shortly before it expires. */
export function tokens(url, accessKey, secret) {
  let token = null;
  let good = 0;
  return async () => {
    if (Date.now() >= good) {
      const answer = await fetch(`${url}/oauth/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${accessKey}:${secret}`).toString('base64')}`,
          'content-type': 'application/json',
        },
        body: '{"grant_type":"client_credentials"}',
      }).catch((error) => {
        throw new Error(`no token from ${url}: ${cause(error)}`);
      });
      const body = await answer.json().catch(() => null);
      if (!body?.access_token) {
        const message = body?.message ?? `${url} answered ${answer.status}`;
        throw Object.assign(new Error(`no token: ${message}`), { status: answer.status });
      }
      token = body.access_token;
      good = Date.now() + 900 * body.expires_in;
    }
    return token;
  };
}

const USAGE = 'publish EVENTS, or follow events|notifications [AFTER]';

/** The server refuses variables that begin with TOCSIN_ and are not its own, but for the last two. */
function variables() {
  const names = ['SERVER_URL', 'BUS_ADDRESS', 'ORGANIZATION_ID', 'TOCSIN_ACCESS_KEY', 'TOCSIN_ACCESS_SECRET'];
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) throw new Error(`set ${missing.join(', ')}`);
  return names.map((name) => process.env[name]);
}

function connect(trouble) {
  const [server, address, organization, key, secret] = variables();
  const [, host, port] = address.match(/^(.+):(\d+)$/) ?? [];
  if (!host) throw new Error(`BUS_ADDRESS must be host:port, and is ${address}`);
  return new TocsinBus({ host, port: Number(port), organization, token: tokens(server, key, secret), trouble });
}

async function publish(events) {
  const bus = connect(() => {}); // a request that fails says why itself
  try {
    const answer = await bus.publishText(events);
    console.log(JSON.stringify(answer));
    const rejected = answer.body.rejected ?? [];
    for (const { index, message } of rejected) console.error(`rejected: event ${index}: ${message}`);
    if (answer.status !== 200) console.error(answer.body.message);
    process.exitCode = answer.status === 200 && rejected.length === 0 ? 0 : 1;
  } finally {
    bus.close();
  }
}

function follow(kind, after) {
  const bus = connect(console.error);
  const refused = (end) => {
    console.error(end.body.message);
    process.exitCode = 1;
    bus.close();
  };
  bus.follow(kind, (event) => console.log(JSON.stringify(event)), { after, refused });
}

async function main([command, what, after]) {
  try {
    if (command === 'publish' && what) await publish(what);
    else if (command === 'follow' && ['events', 'notifications'].includes(what)) follow(what, after);
    else throw new Error(USAGE);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
