import { Emitter } from '../events';
import { Backoff } from './backoff';
import { bareJid, domainOf } from './jid';
import { NS } from './namespaces';
import { AuthenticationError } from './sasl';
import { StanzaError } from './stanza-error';
import { type StreamError, XmppStream } from './stream';
import { type TransportFactory, webSocketTransport } from './transport';
import { type Attributes, type Xml, xml } from './xml';

export type ConnectionState = 'connecting' | 'online' | 'reconnecting' | 'closed';

export interface ConnectionChange {
  readonly state: ConnectionState;
  /** Why it closed or must reconnect; an AuthenticationError is final. */
  readonly error?: AuthenticationError | StreamError;
  /** When the next attempt starts, in ms from now. */
  readonly retryInMs?: number;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly jid: string;
  readonly token: string;
  readonly transport?: TransportFactory;
  readonly iqTimeoutMs?: number;
  readonly pingEveryMs?: number;
}

export type IqHandler = (iq: Xml, payload: Xml) => Xml | undefined | void;

interface Pending {
  readonly to: string;
  readonly resolve: (result: Xml) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Stream errors after which another attempt could only fail again or would throw out the other side (RFC 6120 §4.9.3). */
const FINAL_CONDITIONS = new Set(['conflict', 'not-authorized', 'policy-violation', 'host-unknown']);

/**
 * A client's standing connection: it reconnects with backoff and jitter, keeps what is sent meanwhile, pairs IQ
 * requests with answers by id *and* sender (RFC 6120 §8.1.2.1), answers requests, and pings (XEP-0199) so that a
 * dead socket is noticed.
 */
export class Connection extends Emitter<{ state: ConnectionChange; message: Xml; presence: Xml; online: string }> {
  private stream: XmppStream | undefined;
  private readonly backoff = new Backoff();
  private readonly pending = new Map<string, Pending>();
  private readonly handlers = new Map<string, IqHandler>();
  private readonly resource = `web-${crypto.randomUUID().slice(0, 8)}`;
  private outbox: Xml[] = [];
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pingTimer: ReturnType<typeof setInterval> | undefined;
  state: ConnectionState = 'connecting';
  /** The bound full JID; the bare JID until the first binding. */
  jid: string;

  constructor(private readonly options: ConnectionOptions) {
    super();
    this.jid = bareJid(options.jid);
    this.handle('ping', NS.ping, 'get', () => undefined);
  }

  get bareJid(): string {
    return bareJid(this.jid);
  }

  get domain(): string {
    return domainOf(this.jid);
  }

  /** Whether it was there, or could be expected, and is not; what is sent now is sent late or never. */
  get isLost(): boolean {
    return this.state === 'reconnecting' || this.state === 'closed';
  }

  start(): void {
    clearTimeout(this.retryTimer);
    const { url, jid, token } = this.options;
    const stream = new XmppStream((this.options.transport ?? webSocketTransport)(url), {
      jid,
      token,
      resource: this.resource,
    });
    this.stream = stream;
    stream.onReady = (fullJid) => this.ready(fullJid);
    stream.onStanza = (stanza) => this.dispatch(stanza);
    stream.onEnd = (error) => this.ended(error);
  }

  /** Tries again now, for when a person or the network says that it is worth it. */
  retryNow(): void {
    if (this.state === 'reconnecting' && this.stream === undefined) this.start();
  }

  close(): void {
    if (this.state === 'closed') return;
    this.change({ state: 'closed' });
    clearTimeout(this.retryTimer);
    clearInterval(this.pingTimer);
    this.stream?.close();
    this.stream = undefined;
  }

  send(stanza: Xml): void {
    if (this.state === 'online' && this.stream) this.stream.send(stanza);
    // A call's own messages outlive a short loss of the socket; presence is stated afresh on every binding.
    else if (stanza.name !== 'presence' && this.outbox.length < 200) this.outbox.push(stanza);
  }

  /** Sends a request and resolves with the result stanza; rejects with a StanzaError. */
  iq(type: 'get' | 'set', to: string, payload: Xml): Promise<Xml> {
    const id = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(new StanzaError('wait', 'remote-server-timeout'));
      }, this.options.iqTimeoutMs ?? 20_000);
      this.pending.set(id, { to, resolve, reject, timer });
      this.send(xml('iq', { xmlns: NS.client, type, id, to }, payload));
    });
  }

  message(to: string, attributes: Attributes, ...payload: readonly Xml[]): void {
    this.send(xml('message', { xmlns: NS.client, to, ...attributes }, ...payload));
  }

  /** Registers the answer to requests whose payload has this name and namespace. */
  handle(name: string, ns: string, type: 'get' | 'set', handler: IqHandler): void {
    this.handlers.set(`${type} ${ns} ${name}`, handler);
  }

  private change(change: ConnectionChange): void {
    this.state = change.state;
    this.emit('state', change);
  }

  private ready(fullJid: string): void {
    this.jid = fullJid;
    this.backoff.reset();
    this.change({ state: 'online' });
    const kept = this.outbox;
    this.outbox = [];
    this.emit('online', fullJid);
    for (const stanza of kept) this.send(stanza);
    clearInterval(this.pingTimer);
    this.pingTimer = setInterval(() => this.ping(), this.options.pingEveryMs ?? 30_000);
  }

  private ping(): void {
    const stream = this.stream;
    this.iq('get', this.domain, xml('ping', { xmlns: NS.ping })).catch((error: unknown) => {
      const silent = error instanceof StanzaError && error.condition === 'remote-server-timeout';
      if (silent && stream === this.stream) stream?.abandon();
    });
  }

  private ended(error: AuthenticationError | StreamError | undefined): void {
    this.stream = undefined;
    clearInterval(this.pingTimer);
    if (this.state === 'closed') return;
    const final = error instanceof AuthenticationError ? error.condition !== 'temporary-auth-failure'
      : error !== undefined && FINAL_CONDITIONS.has(error.condition);
    if (error && final) return this.change({ state: 'closed', error });
    const retryInMs = this.backoff.nextMs();
    this.retryTimer = setTimeout(() => this.start(), retryInMs);
    this.change({ state: 'reconnecting', retryInMs, ...(error && { error }) });
  }

  private dispatch(stanza: Xml): void {
    if (stanza.ns !== NS.client) return;
    if (stanza.name === 'message') this.emit('message', stanza);
    else if (stanza.name === 'presence') this.emit('presence', stanza);
    else if (stanza.name === 'iq') this.receiveIq(stanza);
  }

  private receiveIq(iq: Xml): void {
    const type = iq.attribute('type');
    if (type === 'get' || type === 'set') return this.answer(iq, type);
    const pending = this.pending.get(iq.attribute('id') ?? '');
    if (!pending || !this.isFrom(iq, pending.to)) return;
    this.pending.delete(iq.attribute('id') ?? '');
    clearTimeout(pending.timer);
    if (type === 'result') pending.resolve(iq);
    else pending.reject(StanzaError.fromStanza(iq));
  }

  /** An answer must come from whom the request went to; for the account itself the server may leave `from` out. */
  private isFrom(iq: Xml, to: string): boolean {
    const from = iq.attribute('from');
    return from === to || ((from === undefined || from === this.jid) && (to === this.bareJid || to === this.domain));
  }

  private answer(iq: Xml, type: 'get' | 'set'): void {
    const address = { xmlns: NS.client, id: iq.attribute('id'), to: iq.attribute('from') };
    try {
      const payload = iq.elements[0];
      const handler = payload && this.handlers.get(`${type} ${payload.ns} ${payload.name}`);
      if (!payload || !handler) throw new StanzaError('cancel', 'service-unavailable');
      this.send(xml('iq', { ...address, type: 'result' }, handler(iq, payload) ?? undefined));
    } catch (error) {
      const stanzaError = error instanceof StanzaError ? error : new StanzaError('cancel', 'internal-server-error');
      if (stanzaError !== error) console.error('A request could not be answered', error);
      this.send(xml('iq', { ...address, type: 'error' }, stanzaError.toXml()));
    }
  }
}
