import { Emitter } from '../events';
import type { Reason } from '../jingle/reason';
import { SdpError } from '../jingle/sdp';
import * as jmi from '../jmi/message';
import type { CallMedia, JmiMessage } from '../jmi/message';
import type { IceServers } from '../xmpp/external-services';
import { bareJid, isFullJid } from '../xmpp/jid';
import { NS } from '../xmpp/namespaces';
import { StanzaError } from '../xmpp/stanza-error';
import { type Xml, xml } from '../xmpp/xml';
import type { AnswerOptions, CallContext, CallEvents, CallOptions, CallState } from './context';
import { type CallEnd, conditionOf, type EndReason, reasonOf } from './end';
import { EarlyRequests } from './early-requests';
import { JingleSession } from './jingle-session';
import { LocalMedia, MediaError } from './local-media';
import { Peer } from './peer';
import { type CallStatistics, type MediaPath, pathOf, readStatistics } from './statistics';
import { type CallTimings, markFirstFrames, Stopwatch } from './timings';

/**
 * One 1:1 call: the XEP-0353 conversation that leads to a Jingle session, the session, its media, and how it ended.
 * Created by `Calls`, which routes stanzas to it.
 */
export class Call extends Emitter<CallEvents> {
  private current: CallState;
  private currentId: string;
  /** The device that answered us or that called us. */
  private device: string | undefined;
  private role: 'initiator' | 'responder';
  private relayOnly: boolean;
  private local: LocalMedia | undefined;
  private openingMedia: Promise<boolean> | undefined;
  private session: JingleSession | undefined;
  private opening: Promise<JingleSession | undefined> | undefined;
  /** Until there is a peer connection. */
  private early: EarlyRequests | undefined;
  /** Our answer did not reach the caller's device, and is to be given again when that is back. */
  private unheard = false;
  private saidAgain = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private goneTimer: ReturnType<typeof setTimeout> | undefined;
  private stopLooking = () => {};
  private readonly watch = new Stopwatch();
  private readonly remoteMutes = { audio: false, video: false };
  private activeSinceMs: number | undefined;
  private isMuted = false;
  private end: CallEnd | undefined;
  mediaError: MediaError | undefined;
  readonly peer: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly media: readonly CallMedia[];

  constructor(
    private readonly context: CallContext,
    options: CallOptions,
  ) {
    super();
    this.currentId = options.id;
    this.peer = bareJid(options.peer);
    this.direction = options.direction;
    this.media = options.media;
    this.relayOnly = options.relayOnly;
    this.device = options.peerDevice;
    this.role = options.direction === 'outgoing' ? 'initiator' : 'responder';
    this.current = options.direction === 'outgoing' ? 'preparing' : 'incoming';
    if (options.direction === 'incoming') this.watch.mark('proposeReceived');
  }

  /** The id of the proposal, which is the Jingle session's too; glare may change it. */
  get id(): string { return this.currentId; }
  get state(): CallState { return this.current; }
  get ended(): CallEnd | undefined { return this.end; }
  get peerDevice(): string | undefined { return this.device; }
  get muted(): boolean { return this.isMuted; }
  get cameraOn(): boolean { return this.local?.videoTrack !== undefined; }
  get cameraError(): MediaError | undefined { return this.local?.cameraError; }
  /** Whether the call carries video lines, so that the camera can be switched. */
  get hasVideo(): boolean { return this.session?.peer.hasVideo ?? this.media.includes('video'); }
  get localStream(): MediaStream | undefined { return this.local?.stream; }
  get remoteStream(): MediaStream | undefined { return this.session?.peer.remoteStream; }
  get remoteMuted(): Readonly<{ audio: boolean; video: boolean }> { return this.remoteMutes; }
  get isRelayOnly(): boolean { return this.relayOnly; }
  get durationMs(): number { return this.activeSinceMs === undefined ? 0 : performance.now() - this.activeSinceMs; }
  /** Whether the peer's picture can be shown now. */
  get remoteVideoFlows(): boolean {
    return !this.remoteMutes.video && (this.remoteStream?.getVideoTracks().some((track) => !track.muted) ?? false);
  }

  timings(): CallTimings {
    return this.watch.read();
  }

  async stats(): Promise<CallStatistics> {
    return readStatistics(this.session ? await this.session.peer.statistics() : new Map());
  }

  async path(): Promise<MediaPath> {
    return pathOf(await this.stats());
  }

  /** Opens the devices and proposes the call. Only `Calls` starts calls. */
  async start(): Promise<void> {
    const { connection } = this.context;
    if (connection.isLost) return this.finish('not-connected');
    const offline = this.context.knownOffline(this.peer);
    if (!(await this.openMedia(this.media.includes('video')))) return;
    const isOffline = await offline;
    // A person may take long to grant the microphone. What we would say now is said too late, when we are back.
    if (connection.isLost) return this.finish('not-connected');
    if (isOffline) {
      if (this.over()) return;
      // The pair leaves a missed call with whoever keeps messages for the absent.
      this.propose();
      this.say(this.peer, jmi.retract(this.id, 'cancel'));
      return this.finish('peer-offline');
    }
    if (this.over() || this.current !== 'preparing') return;
    this.change('calling');
    this.propose();
    this.after(this.context.timeouts.noAnswerMs, () => {
      this.say(this.peer, jmi.retract(this.id, 'timeout'));
      this.finish('no-answer');
    });
    this.opening = this.open();
  }

  answer(options: AnswerOptions = {}): void {
    if (this.current !== 'incoming' || !this.device) return;
    this.watch.mark('acceptPressed');
    if (options.relayOnly !== undefined) this.relayOnly = options.relayOnly;
    this.proceed(this.device);
    void this.openMedia(options.video ?? this.media.includes('video')).then(() => this.acceptWhenOffered());
  }

  decline(): void {
    if (this.current !== 'incoming') return;
    this.sayReject('decline');
    this.finish('declined-here');
  }

  hangup(): void {
    switch (this.current) {
      case 'ended': return;
      case 'incoming': return this.decline();
      case 'preparing': return this.finish('cancelled');
      case 'calling':
      case 'ringing':
        this.say(this.peer, jmi.retract(this.id, 'cancel'));
        return this.finish('cancelled');
      case 'connecting': return this.close('cancelled');
      case 'active':
      case 'interrupted': return this.close('hung-up');
    }
  }

  /** This device goes away. What rings here may ring on elsewhere: to decline is a person's act (XEP-0353 §3.4). */
  leave(): void {
    if (this.current === 'incoming') this.finish('left');
    else this.hangup();
  }

  setMuted(muted: boolean): void {
    this.isMuted = muted;
    this.local?.setMuted(muted);
    this.session?.sayMuted(muted, undefined);
    this.emit('local', undefined);
  }

  /** Rejects with a MediaError when the camera can not be opened. */
  async setCamera(on: boolean): Promise<void> {
    if (!this.local || on === this.cameraOn) return;
    try {
      if (on) {
        const track = await this.local.openCamera();
        await this.session?.peer.replaceVideo(track);
      } else {
        await this.session?.peer.replaceVideo(null);
        this.local.closeCamera();
      }
      this.session?.sayMuted(!on, this.videoContent());
    } finally {
      this.emit('local', undefined);
    }
  }

  // ---- what the peer's messages do; `from` was checked to be the peer ----

  receiveMessage(message: JmiMessage, from: string): void {
    switch (message.action) {
      case 'ringing':
        this.watch.mark('ringingReceived');
        if (this.current === 'calling') this.change('ringing');
        return;
      case 'proceed':
        return this.proceeded(from);
      case 'reject':
        // In a tie-break the peer's own proposal is on its way and takes this call's place.
        if (message.tieBreak || (this.current !== 'calling' && this.current !== 'ringing')) return;
        return this.finish(message.reason.condition === 'busy' ? 'busy' : 'declined', message.reason.text);
      case 'retract':
        if (this.current === 'incoming') this.finish(message.tieBreak ? 'moved-elsewhere' : 'missed');
        // It crossed our answer, which its sender will not act upon any more.
        else if (this.waitsForOffer()) this.finish('peer-hung-up');
        return;
      case 'finish':
        if (this.over() || this.current === 'preparing') return;
        if (message.migratedTo !== undefined) return this.finish('moved-elsewhere');
        return this.peerEnded(message.reason);
      case 'propose':
      case 'accept':
        return;
    }
  }

  /** Another device of this account spoke. */
  takenElsewhere(action: 'answered' | 'declined'): void {
    if (this.current === 'incoming') this.finish(`${action}-elsewhere`);
  }

  undeliverable(error: StanzaError, known: boolean): void {
    if (this.current !== 'calling' && this.current !== 'preparing') return;
    const missing = ['service-unavailable', 'item-not-found', 'recipient-unavailable', 'remote-server-not-found'];
    if (!missing.includes(error.condition)) return this.finish('failed', error.message);
    this.finish(known ? 'peer-offline' : 'unknown-user', error.text);
  }

  /** The caller's device was away when we answered, as when the server has just come back; perhaps it `isBack` by now. */
  proceedUndelivered(isBack: boolean): void {
    if (!this.waitsForOffer()) return;
    this.unheard = true;
    this.deviceGone();
    // Once only: a server that says both that it is there and that it is not must not be asked for ever.
    if (isBack && !this.saidAgain) this.deviceBack();
  }

  /** Whether we answered and the caller has not sent its offer yet. */
  private waitsForOffer(): boolean {
    const offered = this.early ? this.early.offered : this.session?.offered;
    return this.current === 'connecting' && this.role === 'responder' && !offered;
  }

  /** The peer's proposal takes the place of ours (glare) or of a session that it lost: answered without asking. */
  adopt(message: JmiMessage, from: string): void {
    const { id, session, opening } = this;
    if (this.current === 'calling' || this.current === 'ringing') this.say(this.peer, jmi.tieBreak('retract', id));
    else if (this.current !== 'preparing') {
      this.say(this.peer, jmi.finishMigrated(id, message.id));
      session?.terminate('expired');
    }
    session?.peer.close();
    // An offer of ours may still be in the making; it must not reappear.
    void opening?.then((late) => late?.peer.close());
    this.session = undefined;
    this.currentId = message.id;
    this.role = 'responder';
    this.device = from;
    this.watch.mark('acceptPressed');
    this.proceed(from);
    void this.openMedia(this.media.includes('video')).then(() => this.acceptWhenOffered());
  }

  /** A Jingle request of `peerDevice` about this session; what it throws is the error reply. */
  receiveJingle(jingle: Xml): void {
    if (this.early) return this.early.add(jingle, (error) => this.fail(error));
    if (!this.session) throw new StanzaError('cancel', 'item-not-found', { name: 'unknown-session', ns: NS.jingleErrors });
    this.session.receive(jingle);
    if (jingle.attribute('action') === 'session-initiate') void this.acceptWhenOffered();
  }

  private replay(): void {
    const { early, session } = this;
    this.early = undefined;
    if (this.over() || !session) return;
    try {
      early?.replay((jingle) => session.receive(jingle));
    } catch (error) {
      return this.fail(error);
    }
  }

  /** The peer's device lost its presence. While media flows that means nothing: its connection may come back. */
  deviceGone(): void {
    if (this.over() || !this.device || this.goneTimer !== undefined) return;
    this.goneTimer = setTimeout(() => {
      this.goneTimer = undefined;
      if (this.over()) return;
      if (this.session?.peer.connected) this.deviceGone();
      else if (this.current === 'incoming') this.finish('missed');
      else this.close('peer-gone');
    }, this.context.timeouts.goneMs);
  }

  deviceBack(): void {
    clearTimeout(this.goneTimer);
    this.goneTimer = undefined;
    if (!this.unheard || !this.device || this.over()) return;
    this.unheard = false;
    this.saidAgain = true;
    this.say(this.device, jmi.proceed(this.id));
  }

  /** Ends the call with this reason and tells the peer as its state demands. */
  close(reason: EndReason, detail?: string): void {
    if (this.over()) return;
    const condition = conditionOf(reason);
    if (this.current === 'incoming') this.sayReject('busy');
    else if (this.current === 'calling' || this.current === 'ringing') this.say(this.peer, jmi.retract(this.id, condition));
    else if (this.current !== 'preparing') {
      this.session?.terminate(condition);
      this.say(this.peer, jmi.finish(this.id, condition));
    }
    this.finish(reason, detail);
  }

  /** An incoming call that nobody answered, after the caller should long have given up. */
  ringOut(): void {
    if (this.current === 'incoming') this.finish('missed');
  }

  private propose(): void {
    this.watch.mark('proposeSent');
    this.say(this.peer, jmi.propose(this.id, this.media));
  }

  private proceed(device: string): void {
    this.change('connecting');
    // To the device itself: a bare address would be answered by whoever of its owner's devices listens.
    this.say(device, jmi.proceed(this.id));
    this.say(this.context.connection.bareJid, jmi.accept(this.id));
    this.early = new EarlyRequests();
    const opening = this.open();
    this.opening = opening;
    void opening.then(() => {
      if (this.opening !== opening) return;
      this.replay();
      void this.acceptWhenOffered();
    });
    this.after(this.context.timeouts.setupMs, () => this.close('connection-failed', 'The call was not set up in time.'));
  }

  private proceeded(from: string): void {
    if ((this.current !== 'calling' && this.current !== 'ringing') || !isFullJid(from)) return;
    this.watch.mark('proceedReceived');
    this.device = from;
    this.change('connecting');
    this.after(this.context.timeouts.setupMs, () => this.close('connection-failed', 'The call was not set up in time.'));
    void this.opening?.then((session) => {
      if (session && session === this.session && !this.over()) session.initiate();
    });
  }

  /** Builds the peer connection; for our own offer also the offer, so that it is ready when the answer comes. */
  private async open(): Promise<JingleSession | undefined> {
    const { context, role } = this;
    const id = this.currentId;
    try {
      const ice = await this.fetchIceServers();
      if (this.over() || id !== this.currentId) return undefined;
      if (this.relayOnly && !ice.hasRelay) {
        this.close('no-relay');
        return undefined;
      }
      const peer = new Peer(context.createPeerConnection, ice.servers, this.relayOnly, role);
      peer.onStateChange = (state) => this.connectionChanged(state);
      peer.onRemoteTrack = () => this.emit('remote', peer.remoteStream);
      if (role === 'initiator' && this.local) await peer.prepareOffer(this.local, this.media.includes('video'));
      if (this.over() || id !== this.currentId) {
        peer.close();
        return undefined;
      }
      const session: JingleSession = new JingleSession(context.connection, id, () => this.device ?? this.peer, peer, {
        accepted: () => this.accepted(),
        terminated: (reason) => this.peerEnded(reason),
        failed: (error) => this.fail(error),
        ringing: () => this.watch.mark('ringingReceived'),
        remoteMute: (content, muted) => this.remoteMute(content, muted),
      });
      this.session = session;
      return session;
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  private accepted(): void {
    if (this.over()) return;
    if (this.current === 'connecting') this.after(this.context.timeouts.connectMs, () => this.close('connection-failed'));
    // A peer that takes sound only leaves nothing for the camera to do.
    if (!this.hasVideo) this.local?.closeCamera();
    this.emit('local', undefined);
  }

  private async fetchIceServers(): Promise<IceServers> {
    try {
      return await this.context.iceServers();
    } catch (error) {
      // Two devices on one network need no server in between.
      console.warn('The server named no STUN or TURN services', error);
      return { servers: [], hasRelay: false };
    }
  }

  private async acceptWhenOffered(): Promise<void> {
    const { session, local } = this;
    if (!session?.offered || !local || this.over()) return;
    try {
      await session.accept(local);
      if (this.isMuted) session.sayMuted(true, undefined);
      if (session.peer.hasVideo && !this.cameraOn) session.sayMuted(true, this.videoContent());
      if (session === this.session && this.current === 'connecting') this.after(this.context.timeouts.connectMs, () => this.close('connection-failed'));
    } catch (error) {
      if (session === this.session) this.fail(error);
    }
  }

  /** Resolves to whether there is a microphone; without one the call is over. */
  private openMedia(video: boolean): Promise<boolean> {
    this.openingMedia ??= this.openDevices(video);
    return this.openingMedia;
  }

  private async openDevices(video: boolean): Promise<boolean> {
    try {
      const media = await LocalMedia.open({ video }, this.context.getUserMedia);
      if (this.over()) {
        media.close();
        return false;
      }
      this.local = media;
      media.setMuted(this.isMuted);
      this.emit('local', undefined);
      return true;
    } catch (error) {
      this.mediaError = MediaError.from(error, 'microphone');
      if (error instanceof MediaError) this.mediaError = error;
      this.close('media-unavailable', this.mediaError.code);
      return false;
    }
  }

  private connectionChanged(state: RTCPeerConnectionState): void {
    if (this.over()) return;
    if (state === 'connected') {
      clearTimeout(this.timer);
      this.watch.mark('connected');
      this.activeSinceMs ??= performance.now();
      if (this.current === 'connecting' && this.session) this.stopLooking = markFirstFrames(this.session.peer, this.hasVideo, this.watch);
      if (this.current !== 'active') this.change('active');
      const hasNoPicture = this.hasVideo && !this.cameraOn;
      if (this.role === 'initiator' && hasNoPicture) this.session?.sayMuted(true, this.videoContent());
    } else if (state === 'disconnected' && this.current === 'active') this.change('interrupted');
    else if (state === 'failed') this.close('connection-failed');
  }

  private remoteMute(content: string | undefined, muted: boolean): void {
    const kind = content !== undefined && content === this.videoContent() ? 'video' : 'audio';
    this.remoteMutes[kind] = muted;
    if (this.remoteStream) this.emit('remote', this.remoteStream);
  }

  private videoContent(): string | undefined {
    return this.session?.peer.contentName('video');
  }

  private peerEnded(reason: Reason): void {
    if (this.over()) return;
    const wasUp = this.current === 'active' || this.current === 'interrupted';
    this.say(this.peer, jmi.finish(this.id, 'success'));
    const meaning = reasonOf(reason.condition);
    this.finish(wasUp && meaning === 'declined' ? 'peer-hung-up' : meaning, reason.text);
  }

  private fail(error: unknown): void {
    if (this.over()) return;
    console.warn('The call failed', error);
    const detail = error instanceof Error ? error.message : String(error);
    if (error instanceof StanzaError) {
      const lost = ['remote-server-timeout', 'service-unavailable', 'item-not-found', 'recipient-unavailable'];
      return this.close(lost.includes(error.condition) ? 'peer-gone' : 'failed', detail);
    }
    const refused = error instanceof SdpError || (error instanceof DOMException && error.name !== 'AbortError');
    this.close(refused ? 'incompatible' : 'failed', detail);
  }

  private say(to: string, payload: Xml): void {
    // <store/> lets archives and offline stores keep the message (XEP-0353 §3), so that no device rings in vain.
    const store = xml('store', { xmlns: NS.hints });
    this.context.connection.message(to, { type: 'chat', id: messageId(this.id, payload.name) }, payload, store);
  }

  private sayReject(condition: 'decline' | 'busy'): void {
    this.say(this.device ?? this.peer, jmi.reject(this.id, condition));
    this.say(this.context.connection.bareJid, jmi.reject(this.id, condition));
  }

  private after(delayMs: number, action: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.over() || action(), delayMs);
  }

  private over(): boolean {
    return this.current === 'ended';
  }

  private change(state: CallState): void {
    this.current = state;
    this.emit('state', state);
  }

  private finish(reason: EndReason, detail?: string): void {
    if (this.over()) return;
    this.end = { reason, durationMs: this.durationMs, ...(detail !== undefined && detail !== '' && { detail }) };
    clearTimeout(this.timer);
    clearTimeout(this.goneTimer);
    this.stopLooking();
    this.session?.peer.close();
    this.local?.close();
    this.change('ended');
    this.emit('ended', this.end);
  }
}

/** The id of a message tells to which call and step an error about it belongs. */
export function messageId(callId: string, action: string): string {
  return `jmi:${action}:${callId}`;
}
