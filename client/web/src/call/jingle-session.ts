import { readReason, type Reason, type ReasonCondition, reasonXml } from '../jingle/reason';
import { type SessionDescription, SdpError } from '../jingle/sdp';
import type { Connection } from '../xmpp/connection';
import { NS } from '../xmpp/namespaces';
import { StanzaError } from '../xmpp/stanza-error';
import { type Xml, xml } from '../xmpp/xml';
import type { LocalMedia } from './local-media';
import { Peer } from './peer';

export interface SessionEvents {
  /** The peer accepted, and what it accepted is in force. */
  readonly accepted: () => void;
  readonly terminated: (reason: Reason) => void;
  /** The peer did not understand us, or its media can not be used. */
  readonly failed: (error: unknown) => void;
  readonly ringing: () => void;
  readonly remoteMute: (content: string | undefined, muted: boolean) => void;
}

type Phase = 'new' | 'pending' | 'accepting' | 'active' | 'ended';

const outOfOrder = () => new StanzaError('wait', 'unexpected-request', { name: 'out-of-order', ns: NS.jingleErrors });

/**
 * The IQ dialogue of one Jingle session (XEP-0166 §6) with one full JID. It answers for the order of actions; whose
 * they may be was settled before.
 */
export class JingleSession {
  private phase: Phase = 'new';
  private offer: SessionDescription | undefined;

  constructor(
    private readonly connection: Connection,
    readonly sid: string,
    /** Known only once a device has answered. */
    private readonly peerJid: () => string,
    readonly peer: Peer,
    private readonly events: SessionEvents,
  ) {
    peer.onTransportInfo = (contents) => this.send('transport-info', {}, contents);
  }

  get offered(): boolean {
    return this.offer !== undefined;
  }

  initiate(): void {
    this.phase = 'pending';
    this.send('session-initiate', { initiator: this.connection.jid }, this.peer.offerContents());
  }

  async accept(media: LocalMedia): Promise<void> {
    if (!this.offer || this.phase !== 'pending') return;
    this.phase = 'accepting';
    const contents = await this.peer.answer(this.offer, media);
    // Closed while the browser was at work.
    if (this.ended()) return;
    this.phase = 'active';
    this.send('session-accept', { responder: this.connection.jid }, contents);
  }

  terminate(condition: ReasonCondition): void {
    if (this.phase !== 'new' && !this.ended()) this.send('session-terminate', {}, [reasonXml(condition)]);
    this.phase = 'ended';
  }

  /** XEP-0167 §6. */
  sayMuted(muted: boolean, content: string | undefined): void {
    if (this.phase !== 'active') return;
    this.send('session-info', {}, [
      xml(muted ? 'mute' : 'unmute', { xmlns: NS.rtpInfo, creator: content && 'initiator', name: content }),
    ]);
  }

  /** Handles an action of the peer; what it throws becomes the error reply. */
  receive(jingle: Xml): void {
    try {
      this.handle(jingle);
    } catch (error) {
      if (!(error instanceof SdpError)) throw error;
      queueMicrotask(() => this.events.failed(error));
      throw new StanzaError('modify', 'bad-request', undefined, error.message);
    }
  }

  private handle(jingle: Xml): void {
    switch (jingle.attribute('action')) {
      case 'session-initiate':
        if (this.phase !== 'new') throw outOfOrder();
        this.offer = Peer.checkOffer(jingle);
        this.phase = 'pending';
        return;
      case 'session-accept':
        if (this.phase !== 'pending' || this.offer) throw outOfOrder();
        this.phase = 'active';
        this.peer.acceptAnswer(jingle).then(this.events.accepted, (error: unknown) => this.events.failed(error));
        return;
      case 'transport-info':
        if (this.phase === 'new') throw outOfOrder();
        this.peer.addRemoteCandidates(jingle).catch((error: unknown) => console.warn('transport-info', error));
        return;
      case 'session-info':
        return this.info(jingle);
      case 'session-terminate':
        this.phase = 'ended';
        this.events.terminated(readReason(jingle));
        return;
      default:
        // content-add and its kin would need a new offer; XEP-0166 §6.3.2 wants a plain no.
        throw new StanzaError('cancel', 'feature-not-implemented');
    }
  }

  private info(jingle: Xml): void {
    const payload = jingle.elements[0];
    // An empty session-info is a ping (XEP-0166 §6.8).
    if (!payload) return;
    if (payload.ns === NS.rtpInfo) {
      switch (payload.name) {
        case 'ringing': return this.events.ringing();
        case 'mute':
        case 'unmute': return this.events.remoteMute(payload.attribute('name'), payload.name === 'mute');
        case 'active':
        case 'hold':
        case 'unhold': return;
      }
    }
    throw new StanzaError('modify', 'feature-not-implemented', { name: 'unsupported-info', ns: NS.jingleErrors });
  }

  private ended(): boolean {
    return this.phase === 'ended';
  }

  private send(action: string, attributes: Record<string, string>, children: readonly Xml[]): void {
    const jingle = xml('jingle', { xmlns: NS.jingle, action, sid: this.sid, ...attributes }, ...children);
    const sent = this.connection.iq('set', this.peerJid(), jingle);
    sent.catch((error: unknown) => {
      if (!this.ended() && (action === 'session-initiate' || action === 'session-accept')) this.events.failed(error);
      // XEP-0166 §6.2: the peer has no such session any more.
      else if (!this.ended() && error instanceof StanzaError && error.application?.name === 'unknown-session') {
        this.events.failed(error);
      }
    });
  }
}
