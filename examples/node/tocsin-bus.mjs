// Tocsin over the TCP event-bus bridge, without a dependency: publishes events, follows events and
// notifications, connects again and goes on after the last event it saw. The forms and errors are in
// Tocsin's docs/bus.md. A program imports TocsinBus; from a shell:
//
//   export TOCSIN_URL=http://127.0.0.1:8480 TOCSIN_BUS=127.0.0.1:8481
//   export TOCSIN_ORGANIZATION=… TOCSIN_ACCESS_KEY=… TOCSIN_SECRET=…
//   node tocsin-bus.mjs publish '{"eventName": "configuration.account.created", "new": {"id": "a1"}}'
//   node tocsin-bus.mjs follow events|notifications [id of the event to go on after]
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

  /** `token` is an async function that answers a token which is still good for a while. */
  constructor({ host = '127.0.0.1', port = 8481, secure = false, organization, token }) {
    Object.assign(this, { host, port, secure, organization, token });
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
    if (this.#socket.destroyed) throw new Error('not connected');
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
    this.#socket = socket;
    socket.setTimeout(3 * PING_EVERY, () => socket.destroy()); // not even a pong came
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
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => {
      this.#connected = false;
      clearInterval(ping);
      for (const address of [...this.#pending.keys()]) this.#settle(address, 'reject', new Error('connection lost'));
      if (!this.#closed) setTimeout(() => this.#closed || this.#connect(), PAUSE);
    });
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
    const token = await this.token().catch(() => null);
    if (socket !== this.#socket || !this.#connected) return; // the next connection registers it
    if (!token) return socket.destroy(); // which has it tried again
    const headers = { version: '1', authorization: `Bearer ${token}` };
    if (after) headers.after = after;
    if (eventName) headers.eventName = eventName;
    this.#send({ type: 'register', address, headers });
  }

  #take({ type, address, body, message }) {
    const subscription = this.#subscriptions.get(address);
    if (subscription && body?.type === 'event') {
      subscription.handler(body.event);
      subscription.after = body.event.id;
    } else if (subscription && body?.type === 'end') {
      this.#ended(address, subscription, body);
    } else if (type === 'err') {
      this.#settle(address, 'reject', new Error(message));
    } else {
      this.#settle(address, 'resolve', body);
    }
  }

  /** A token that expired is replaced; whoever has no right, or asks for what is not there, is told. */
  #ended(address, subscription, end) {
    const again = end.status === 429 || end.status === 503 || end.body.code === 'expired_token';
    if (again) {
      setTimeout(() => this.#connected && this.#register(address), 1_000 * (end.headers['Retry-After'] ?? 1));
    } else {
      this.#subscriptions.delete(address);
      subscription.refused(end);
    }
  }

  #settle(address, how, value) {
    const waiting = this.#pending.get(address);
    this.#pending.delete(address);
    clearTimeout(waiting?.timer);
    waiting?.[how](value);
  }
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
      });
      const body = await answer.json();
      if (!answer.ok) throw new Error(body.message);
      token = body.access_token;
      good = Date.now() + 900 * body.expires_in;
    }
    return token;
  };
}

async function main([command, what, after]) {
  const env = process.env;
  const [host, port] = env.TOCSIN_BUS.split(':');
  const token = tokens(env.TOCSIN_URL, env.TOCSIN_ACCESS_KEY, env.TOCSIN_SECRET);
  const bus = new TocsinBus({ host, port: Number(port), organization: env.TOCSIN_ORGANIZATION, token });
  if (command === 'publish') {
    const answer = await bus.publishText(what);
    console.log(JSON.stringify(answer));
    bus.close();
    process.exitCode = answer.status === 200 ? 0 : 1;
  } else if (command === 'follow') {
    const refused = (end) => {
      console.error(end.body.message);
      process.exitCode = 1;
      bus.close();
    };
    bus.follow(what, (event) => console.log(JSON.stringify(event)), { after, refused });
  } else {
    throw new Error('publish EVENTS, or follow events|notifications [AFTER]');
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
