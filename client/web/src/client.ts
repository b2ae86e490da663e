import type { Call } from './call/call';
import type { CallContext, CallTimeouts } from './call/context';
import { type CallRequest, Calls, type MissedCall } from './call/calls';
import type { GetUserMedia } from './call/local-media';
import type { CreatePeerConnection } from './call/peer';
import { Emitter } from './events';
import { Connection, type ConnectionChange, type ConnectionState } from './xmpp/connection';
import { type Contact, Contacts } from './xmpp/contacts';
import { fetchIceServers } from './xmpp/external-services';
import { NS } from './xmpp/namespaces';
import type { TransportFactory } from './xmpp/transport';
import { xml } from './xmpp/xml';

export interface ConnectOptions {
  /** Where the XMPP WebSocket is, such as `wss://example.org/xmpp`. */
  readonly url: string;
  readonly jid: string;
  /** The JWT whose subject is the JID's user. */
  readonly token: string;
  /** How long an outgoing call rings, in ms; 45 s unless set. */
  readonly noAnswerMs?: number;
  /** Replaced where there is no browser. */
  readonly transport?: TransportFactory;
  readonly getUserMedia?: GetUserMedia;
  readonly createPeerConnection?: CreatePeerConnection;
}

export interface ClientEvents {
  connection: ConnectionChange;
  contacts: readonly Contact[];
  incoming: Call;
  missed: MissedCall;
  /** The call that this device is in changed: a new one, or none. */
  call: Call | undefined;
}

const FEATURES = [
  NS.discoInfo, NS.ping, NS.jingle, NS.jingleMessage, NS.rtp, NS.rtpAudio, NS.rtpVideo, NS.rtcpFeedback,
  NS.headerExtensions, NS.sourceAttributes, NS.grouping, NS.dtls, NS.iceUdp,
];

/** A signed-in device: its connection, contacts and calls. Made by `connect`. */
export class Client extends Emitter<ClientEvents> {
  private readonly connection: Connection;
  private readonly people: Contacts;
  private readonly calls: Calls;
  private onlineSinceMs = 0;

  constructor(options: ConnectOptions) {
    super();
    const { url, jid, token, transport } = options;
    this.connection = new Connection({ url, jid, token, ...(transport && { transport }) });
    this.people = new Contacts(this.connection);
    this.calls = new Calls(this.callContext(options), this.people);
    this.answerDisco();
    this.connection.on('state', (change) => this.emit('connection', change));
    this.connection.on('online', () => this.announce());
    this.people.on('changed', (contacts) => this.emit('contacts', contacts));
    this.calls.on('incoming', (call) => this.emit('incoming', call));
    this.calls.on('missed', (missed) => this.emit('missed', missed));
    this.calls.on('current', (call) => this.emit('call', call));
    this.connection.start();
  }

  get jid(): string { return this.connection.jid; }
  get state(): ConnectionState { return this.connection.state; }
  get contacts(): readonly Contact[] { return this.people.list(); }
  get currentCall(): Call | undefined { return this.calls.current; }

  nameOf(jid: string): string {
    return this.people.nameOf(jid);
  }

  /** Calls a person by bare JID. Throws RangeError for what is no address, and while another call is going on. */
  call(jid: string, request: CallRequest = {}): Call {
    return this.calls.place(jid, request);
  }

  retryNow(): void {
    this.connection.retryNow();
  }

  /** Ends a running call and the connection; what rings here rings on at the account's other devices. */
  close(): void {
    this.calls.current?.leave();
    this.connection.close();
  }

  private callContext(options: ConnectOptions): CallContext {
    const timeouts: CallTimeouts = { noAnswerMs: options.noAnswerMs ?? 45_000, setupMs: 60_000, connectMs: 20_000, goneMs: 8_000 };
    return {
      connection: this.connection,
      timeouts,
      getUserMedia: options.getUserMedia ?? ((constraints) => navigator.mediaDevices.getUserMedia(constraints)),
      createPeerConnection: options.createPeerConnection ?? ((configuration) => new RTCPeerConnection(configuration)),
      iceServers: () => fetchIceServers(this.connection),
      knownOffline: async (jid) => {
        if (!this.people.has(jid)) return false;
        const justArrivedMs = Math.max(0, this.onlineSinceMs + 1500 - performance.now());
        return !(await this.people.settled(jid, justArrivedMs));
      },
    };
  }

  private answerDisco(): void {
    this.connection.handle('query', NS.discoInfo, 'get', (_, query) =>
      xml(
        'query',
        { xmlns: NS.discoInfo, node: query.attribute('node') },
        xml('identity', { category: 'client', type: 'web', name: 'Sotto' }),
        ...FEATURES.map((feature) => xml('feature', { var: feature })),
      ));
  }

  private announce(): void {
    const { connection } = this;
    this.onlineSinceMs = performance.now();
    // Without carbons this device only misses what its siblings do; calls work all the same.
    connection.iq('set', connection.bareJid, xml('enable', { xmlns: NS.carbons })).catch((error: unknown) => {
      console.warn('The server has no message carbons', error);
    });
    connection.send(xml('presence', { xmlns: NS.client }));
  }
}

/** Signs in and stays signed in until `close`; the connection's state arrives as `connection` events. */
export function connect(options: ConnectOptions): Client {
  return new Client(options);
}
