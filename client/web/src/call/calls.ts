import { Emitter } from '../events';
import * as jmi from '../jmi/message';
import { type CallMedia, type JmiMessage, readJmi } from '../jmi/message';
import { carbonCopy, isCarbon } from '../xmpp/carbons';
import type { Contacts } from '../xmpp/contacts';
import { delayedSince } from '../xmpp/delay';
import { bareJid, isFullJid, sameBareJid } from '../xmpp/jid';
import { NS } from '../xmpp/namespaces';
import { StanzaError } from '../xmpp/stanza-error';
import { type Xml, xml } from '../xmpp/xml';
import { Call } from './call';
import type { CallContext } from './context';

/** A call that rang, or would have rung, without being answered here or elsewhere. */
export interface MissedCall {
  readonly id: string;
  readonly jid: string;
  readonly media: readonly CallMedia[];
  readonly at: Date;
}

export interface CallRequest {
  readonly audio?: true;
  readonly video?: boolean;
  readonly relayOnly?: boolean;
}

interface HeldProposal {
  readonly message: JmiMessage;
  readonly from: string;
  readonly sentMs: number;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Kept messages come in one burst after sign-in; a proposal among them waits this long for its retract. */
const CATCH_UP_MS = 400;
/** An unanswered incoming call outlives the caller's patience by this, then counts as missed. */
const RING_GRACE_MS = 15_000;

/**
 * The calls of one account on this device: routes XEP-0353 messages, their carbon copies and Jingle requests to the
 * call that they concern, and decides what a new proposal means (ring, busy, glare, too late). One call at a time.
 */
export class Calls extends Emitter<{ incoming: Call; missed: MissedCall; current: Call | undefined }> {
  private call: Call | undefined;
  private readonly settled = new Set<string>();
  private readonly held = new Map<string, HeldProposal>();

  constructor(
    private readonly context: CallContext,
    private readonly contacts: Contacts,
  ) {
    super();
    const { connection } = context;
    connection.on('message', (message) => this.message(message));
    connection.handle('jingle', NS.jingle, 'set', (iq, jingle) => this.jingle(iq, jingle));
    contacts.on('gone', (device) => this.call?.peerDevice === device && this.call.deviceGone());
    contacts.on('back', (device) => this.call?.peerDevice === device && this.call.deviceBack());
  }

  /** The call that rings or runs; undefined when there is none. */
  get current(): Call | undefined {
    return this.call;
  }

  place(jid: string, { video = false, relayOnly = false }: CallRequest): Call {
    const peer = bareJid(jid);
    if (!/^[^@/\s]+@[^@/\s]+$/.test(peer)) throw new RangeError(`"${jid}" is not an address like name@domain`);
    if (sameBareJid(peer, this.context.connection.jid)) throw new RangeError('This is your own address');
    if (this.call) throw new RangeError('A call is going on');
    const media: readonly CallMedia[] = video ? ['audio', 'video'] : ['audio'];
    const call = new Call(this.context, { id: crypto.randomUUID(), peer, direction: 'outgoing', media, relayOnly });
    this.adoptAsCurrent(call);
    void call.start();
    return call;
  }

  private adoptAsCurrent(call: Call): void {
    this.call = call;
    call.on('ended', ({ reason }) => {
      this.settle(call.id);
      if (this.call === call) this.call = undefined;
      if (reason === 'missed') this.missed({ id: call.id, jid: call.peer, media: call.media, at: new Date() });
      if (this.call === undefined) this.emit('current', undefined);
    });
    this.emit('current', call);
  }

  private settle(id: string): void {
    this.settled.add(id);
    // Long enough for whatever still travels, short enough for a page that stays open for months.
    if (this.settled.size > 500) for (const oldest of [...this.settled].slice(0, 250)) this.settled.delete(oldest);
  }

  private message(stanza: Xml): void {
    const { connection } = this.context;
    if (stanza.attribute('type') === 'error') return this.undeliverable(stanza);
    const copy = carbonCopy(stanza, connection.bareJid);
    if (!copy && isCarbon(stanza)) return;
    const message = copy?.message ?? stanza;
    const read = readJmi(message);
    const from = message.attribute('from') ?? '';
    if (!read || from === connection.jid) return;
    if (copy?.direction === 'sent' || sameBareJid(from, connection.jid)) return this.ownDevice(read);
    if (read.action === 'propose') return this.proposed(read, from, delayedSince(stanza) ?? delayedSince(message));
    if (this.held.has(read.id) && (read.action === 'retract' || read.action === 'finish')) return this.retractedWhileHeld(read, from);
    if (this.call?.id === read.id && sameBareJid(this.call.peer, from)) this.call.receiveMessage(read, from);
  }

  /** XEP-0353 §3.4, §3.5: another of our devices answered or declined. */
  private ownDevice(message: JmiMessage): void {
    if (message.tieBreak) return;
    const answered = message.action === 'proceed' || message.action === 'accept';
    if (!answered && message.action !== 'reject') return;
    this.release(message.id);
    this.settle(message.id);
    if (this.call?.id === message.id) this.call.takenElsewhere(answered ? 'answered' : 'declined');
  }

  private undeliverable(stanza: Xml): void {
    const { call } = this;
    const from = stanza.attribute('from') ?? '';
    const [scheme, action, ...id] = (stanza.attribute('id') ?? '').split(':');
    if (scheme !== 'jmi' || id.join(':') !== call?.id || !sameBareJid(from, call.peer)) return;
    if (action === 'propose') call.undeliverable(StanzaError.fromStanza(stanza), this.contacts.has(call.peer));
    if (action === 'proceed') call.proceedUndelivered(this.contacts.isHere(from));
  }

  private proposed(message: JmiMessage, from: string, sentMs: number | undefined): void {
    if (!isFullJid(from) || this.settled.has(message.id) || this.held.has(message.id)) return;
    if (this.call?.id === message.id || message.media.length === 0) return;
    if (sentMs !== undefined) {
      if (Date.now() - sentMs > this.context.timeouts.noAnswerMs) {
        this.settle(message.id);
        return this.missed({ id: message.id, jid: bareJid(from), media: message.media, at: new Date(sentMs) });
      }
      const timer = setTimeout(() => {
        this.held.delete(message.id);
        this.decide(message, from);
      }, CATCH_UP_MS);
      this.held.set(message.id, { message, from, sentMs, timer });
      return;
    }
    this.decide(message, from);
  }

  private release(id: string): void {
    clearTimeout(this.held.get(id)?.timer);
    this.held.delete(id);
  }

  private retractedWhileHeld({ id, tieBreak }: JmiMessage, from: string): void {
    const held = this.held.get(id);
    if (!held || !sameBareJid(held.from, from)) return;
    this.release(id);
    this.settle(id);
    if (!tieBreak) this.missed({ id, jid: bareJid(from), media: held.message.media, at: new Date(held.sentMs) });
  }

  private decide(message: JmiMessage, from: string): void {
    const { call } = this;
    if (!call) return this.ring(message, from);
    if (!sameBareJid(call.peer, from)) return this.busy(message, from);
    switch (call.state) {
      case 'preparing':
      case 'calling':
      case 'ringing': return this.glare(call, message, from);
      // The caller started anew, perhaps after a reload; the old proposal is dead.
      case 'incoming':
        call.ringOut();
        return this.ring(message, from);
      case 'connecting':
      case 'active':
      case 'interrupted': return call.adopt(message, from);
      case 'ended': return this.ring(message, from);
    }
  }

  /** XEP-0353 "Tie Breaking": both called at once, and the lower id prevails. */
  private glare(call: Call, message: JmiMessage, from: string): void {
    const { connection } = this.context;
    if (call.state !== 'preparing' && jmi.prevails(call.id, connection.bareJid, message.id, bareJid(from))) {
      this.settle(message.id);
      this.reply(from, jmi.tieBreak('reject', message.id));
      return;
    }
    this.settle(call.id);
    call.adopt(message, from);
  }

  private busy(message: JmiMessage, from: string): void {
    this.settle(message.id);
    this.reply(from, jmi.reject(message.id, 'busy'));
    this.reply(this.context.connection.bareJid, jmi.reject(message.id, 'busy'));
    this.missed({ id: message.id, jid: bareJid(from), media: message.media, at: new Date() });
  }

  private ring(message: JmiMessage, from: string): void {
    const call = new Call(this.context, {
      id: message.id, peer: from, direction: 'incoming', media: message.media, relayOnly: false, peerDevice: from,
    });
    this.adoptAsCurrent(call);
    // XEP-0353 §5: a stranger does not learn from us that we are here until we answer.
    if (this.contacts.has(from)) this.reply(from, jmi.ringing(message.id));
    const patienceMs = this.context.timeouts.noAnswerMs + RING_GRACE_MS;
    const timer = setTimeout(() => call.ringOut(), patienceMs);
    call.on('ended', () => clearTimeout(timer));
    this.emit('incoming', call);
  }

  private reply(to: string, payload: Xml): void {
    this.context.connection.message(to, { type: 'chat' }, payload, xml('store', { xmlns: NS.hints }));
  }

  private missed(call: MissedCall): void {
    this.emit('missed', call);
  }

  /** Only the device that the call is with may speak about it; to others the session does not exist (XEP-0166 §6.2). */
  private jingle(iq: Xml, jingle: Xml): undefined {
    const { call } = this;
    const from = iq.attribute('from');
    if (!call || from === undefined || jingle.attribute('sid') !== call.id || from !== call.peerDevice) {
      throw new StanzaError('cancel', 'item-not-found', { name: 'unknown-session', ns: NS.jingleErrors });
    }
    call.receiveJingle(jingle);
    return undefined;
  }
}
