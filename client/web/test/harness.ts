import { Client } from '../src/client';
import { bareJid } from '../src/xmpp/jid';
import { NS } from '../src/xmpp/namespaces';
import type { Transport, TransportFactory } from '../src/xmpp/transport';
import { parseXml, type Xml, xml } from '../src/xmpp/xml';

/**
 * A small XMPP server in memory, for dialogues between real clients: RFC 7395 streams, routing by full and bare JID,
 * presence among everybody, carbons of chat messages, `service-unavailable` for who is not there.
 */
export class MemoryServer {
  private readonly sessions = new Map<string, (stanza: Xml) => void>();
  private readonly transports = new Map<string, Transport>();
  readonly users = new Set<string>();
  /** What external service discovery names (XEP-0215). */
  readonly services: Xml[] = [];
  readonly log: Xml[] = [];
  /** Who may sign in. */
  admits: (jid: string) => boolean = () => true;
  /** Error answers to undeliverable stanzas for which this says false are lost. */
  bounces: (error: Xml) => boolean = () => true;
  /** Stanzas for which this says false are lost. */
  passes: (stanza: Xml) => boolean = () => true;

  readonly transport: TransportFactory = () => {
    let jid = '';
    let authenticated = false;
    const deliver = (stanza: Xml) => queueMicrotask(() => transport.onMessage(stanza.toString()));
    const transport: Transport = {
      onOpen: () => undefined,
      onMessage: () => undefined,
      onClose: () => undefined,
      close: () => this.leave(jid),
      send: (text) => {
        const element = parseXml(text);
        if (element.name === 'open') {
          deliver(xml('open', { xmlns: NS.framing }));
          deliver(xml('features', { xmlns: NS.streams }, authenticated
            ? xml('bind', { xmlns: NS.bind })
            : xml('mechanisms', { xmlns: NS.sasl }, xml('mechanism', {}, 'PLAIN'))));
        } else if (element.name === 'auth') {
          const [, user, password] = atob(element.text).split('\0');
          authenticated = password === 'good';
          jid = `${user}@example.org`;
          if (!this.admits(jid)) return transport.onClose();
          deliver(authenticated ? xml('success', { xmlns: NS.sasl }) : xml('failure', { xmlns: NS.sasl }, xml('not-authorized'), xml('text', {}, 'The token has expired.')));
        } else if (element.attribute('id') === 'bind') {
          jid += `/${element.child('bind', NS.bind)?.child('resource')?.text}`;
          this.sessions.set(jid, deliver);
          this.transports.set(jid, transport);
          deliver(xml('iq', { xmlns: NS.client, type: 'result', id: 'bind' }, xml('bind', { xmlns: NS.bind }, xml('jid', {}, jid))));
        } else if (element.ns === NS.client) this.route(jid, element);
      },
    };
    queueMicrotask(() => transport.onOpen());
    return transport;
  };

  /** Sends as if it came from this JID, whoever it is. */
  forge(from: string, stanza: Xml): void {
    this.deliver(from, stanza);
  }

  drop(jid: string): void {
    const transport = this.transports.get(jid);
    this.leave(jid);
    transport?.onClose();
  }

  /** As when the server is killed: nobody hears who left. */
  crash(): void {
    this.sessions.clear();
    for (const transport of [...this.transports.values()]) transport.onClose();
  }

  private leave(jid: string): void {
    if (!this.sessions.delete(jid)) return;
    for (const other of this.sessions.values()) other(xml('presence', { xmlns: NS.client, from: jid, type: 'unavailable' }));
  }

  private route(from: string, stanza: Xml): void {
    const to = stanza.attribute('to');
    if (stanza.name === 'presence') {
      for (const [jid, deliver] of this.sessions) {
        deliver(xml('presence', { xmlns: NS.client, from }));
        if (jid !== from) this.sessions.get(from)?.(xml('presence', { xmlns: NS.client, from: jid }));
      }
    } else if (stanza.name === 'iq' && (to === 'example.org' || to === bareJid(from))) this.serve(from, stanza);
    else {
      this.log.push(stanza);
      if (this.passes(stanza)) this.deliver(from, stanza);
    }
  }

  private deliver(from: string, stanza: Xml): void {
    const to = stanza.attribute('to') ?? '';
    const stamped = withAttributes(stanza, { from });
    const targets = [...this.sessions.keys()].filter((jid) => jid === to || (stanza.name === 'message' && bareJid(jid) === to));
    for (const jid of targets) this.sessions.get(jid)?.(stamped);
    if (targets.length === 0 && stanza.attribute('type') !== 'error') {
      const error = xml('error', { type: 'cancel' }, xml('service-unavailable', { xmlns: NS.stanzaErrors }));
      const bounce = xml(stanza.name, { xmlns: NS.client, type: 'error', id: stanza.attribute('id'), from: to, to: from }, error);
      if (this.bounces(bounce)) this.sessions.get(from)?.(bounce);
    }
    if (stanza.name !== 'message') return;
    for (const [jid, session] of this.sessions) {
      if (jid === from || bareJid(jid) !== bareJid(from) || targets.includes(jid)) continue;
      session(xml('message', { xmlns: NS.client, from: bareJid(jid), to: jid },
        xml('sent', { xmlns: NS.carbons }, xml('forwarded', { xmlns: NS.forward }, stamped))));
    }
  }

  private serve(from: string, iq: Xml): void {
    const asked = iq.elements[0]?.ns;
    const items = [...this.users].map((user) => xml('item', { jid: `${user}@example.org`, subscription: 'both' }));
    this.sessions.get(from)?.(xml('iq', { xmlns: NS.client, type: 'result', id: iq.attribute('id'), from: iq.attribute('to') },
      asked === NS.roster ? xml('query', { xmlns: NS.roster }, ...items)
        : asked === NS.externalServices ? xml('services', { xmlns: NS.externalServices }, ...this.services) : undefined));
  }
}

function withAttributes(stanza: Xml, attributes: Record<string, string>): Xml {
  return xml(stanza.name, { xmlns: stanza.ns, ...stanza.attributes, ...attributes }, ...stanza.children);
}

/** What a track is to code that only carries it about. */
class SilentTrack {
  enabled = true;
  muted = false;
  onmute: (() => void) | null = null;
  onunmute: (() => void) | null = null;
  constructor(readonly kind: 'audio' | 'video') {}
  stop(): void { /* nothing captures */ }
}

export class MemoryStream {
  private readonly tracks: SilentTrack[];
  constructor(tracks: SilentTrack[] = []) { this.tracks = [...tracks]; }
  getTracks(): SilentTrack[] { return this.tracks; }
  getAudioTracks(): SilentTrack[] { return this.tracks.filter((track) => track.kind === 'audio'); }
  getVideoTracks(): SilentTrack[] { return this.tracks.filter((track) => track.kind === 'video'); }
  addTrack(track: SilentTrack): void { this.tracks.push(track); }
  removeTrack(track: SilentTrack): void { this.tracks.splice(this.tracks.indexOf(track), 1); }
}

/** Stands in for the browser's connection where only the dialogue is under test: it answers with recorded SDP. */
export class RecordedConnection {
  static offer = '';
  static answer = '';
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: { sdp: string } | null = null;
  remoteDescription: { sdp: string } | null = null;
  readonly candidates: { candidate: string; sdpMid: string }[] = [];
  onconnectionstatechange: () => void = () => undefined;
  onicecandidate: unknown;
  ontrack: unknown;
  closed = false;
  addTransceiver(): { sender: object } { return { sender: {} }; }
  getTransceivers(): [] { return []; }
  getSenders(): [] { return []; }
  createOffer(): Promise<{ sdp: string }> { return Promise.resolve({ sdp: RecordedConnection.offer }); }
  createAnswer(): Promise<{ sdp: string }> { return Promise.resolve({ sdp: RecordedConnection.answer }); }
  setLocalDescription(description: { sdp: string }): Promise<void> {
    this.localDescription = description;
    this.settle();
    return Promise.resolve();
  }
  setRemoteDescription(description: { sdp: string }): Promise<void> {
    this.remoteDescription = description;
    this.settle();
    return Promise.resolve();
  }
  addIceCandidate(candidate: { candidate: string; sdpMid: string }): Promise<void> {
    if (!this.remoteDescription) throw new DOMException('too early', 'InvalidStateError');
    this.candidates.push(candidate);
    return Promise.resolve();
  }
  getStats(): Promise<Map<string, unknown>> { return Promise.resolve(new Map<string, unknown>()); }
  close(): void { this.closed = true; }
  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange();
  }
  private settle(): void {
    if (this.localDescription && this.remoteDescription) queueMicrotask(() => !this.closed && this.become('connected'));
  }
}

export interface Device {
  readonly client: Client;
  readonly connections: RecordedConnection[];
}

export function signIn(server: MemoryServer, user: string, noAnswerMs = 45_000): Device {
  server.users.add(user);
  const connections: RecordedConnection[] = [];
  const client = new Client({
    url: 'memory:', jid: `${user}@example.org`, token: 'good', noAnswerMs, transport: server.transport,
    getUserMedia: ({ video }) => {
      const tracks = [new SilentTrack('audio'), ...(video ? [new SilentTrack('video')] : [])];
      return Promise.resolve(new MemoryStream(tracks) as unknown as MediaStream);
    },
    createPeerConnection: () => {
      const connection = new RecordedConnection();
      connections.push(connection);
      return connection as unknown as RTCPeerConnection;
    },
  });
  return { client, connections };
}
