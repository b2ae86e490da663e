import { parseCandidate, printCandidate } from '../jingle/candidate';
import type { Role } from '../jingle/content';
import { answerFromJingle, nameOf, offerFromJingle, readCandidate } from '../jingle/from-jingle';
import { type Candidate, type SessionDescription, SdpError } from '../jingle/sdp';
import { parseSdp } from '../jingle/sdp-parse';
import { printSdp } from '../jingle/sdp-print';
import { toJingle, transportXml } from '../jingle/to-jingle';
import { NS } from '../xmpp/namespaces';
import { type Xml, xml } from '../xmpp/xml';
import type { LocalMedia } from './local-media';

export type CreatePeerConnection = (configuration: RTCConfiguration) => RTCPeerConnection;

/** Candidates that come within this time share one transport-info (XEP-0176 §5.6). */
const TRICKLE_BATCH_MS = 15;

/**
 * One RTCPeerConnection spoken to in Jingle: descriptions go in and come out as contents (XEP-0167), candidates as
 * transport-info (XEP-0176). Candidates of the peer that arrive before its description wait for it.
 */
export class Peer {
  private readonly connection: RTCPeerConnection;
  private readonly waitingRemote: { readonly mid: string; readonly candidate: Candidate }[] = [];
  private waitingLocal: { readonly mid: string; readonly candidate: Candidate }[] = [];
  private batchTimer: ReturnType<typeof setTimeout> | undefined;
  /** From here on, candidates are not part of a description any more and must be sent one by one. */
  private described = false;
  private videoSender: RTCRtpSender | undefined;
  readonly remoteStream = new MediaStream();
  onTransportInfo: (contents: readonly Xml[]) => void = () => undefined;
  onStateChange: (state: RTCPeerConnectionState) => void = () => undefined;
  onRemoteTrack: () => void = () => undefined;

  constructor(
    createPeerConnection: CreatePeerConnection,
    iceServers: RTCIceServer[],
    relayOnly: boolean,
    private readonly role: Role,
  ) {
    this.connection = createPeerConnection({
      iceServers,
      iceTransportPolicy: relayOnly ? 'relay' : 'all',
      // A peer may answer without BUNDLE (Dino), so each kind of media gets candidates of its own until it does.
      bundlePolicy: 'balanced',
    });
    this.connection.onicecandidate = ({ candidate }) => this.localCandidate(candidate);
    this.connection.onconnectionstatechange = () => this.onStateChange(this.connection.connectionState);
    this.connection.ontrack = ({ track }) => this.remoteTrack(track);
  }

  get connected(): boolean {
    return this.connection.connectionState === 'connected';
  }

  get hasVideo(): boolean {
    return this.videoSender !== undefined;
  }

  /** Creates the offer and starts gathering; `offerContents` then says what there is at that moment. */
  async prepareOffer(media: LocalMedia, video: boolean): Promise<void> {
    const streams = [media.stream];
    if (media.audioTrack) this.connection.addTransceiver(media.audioTrack, { direction: 'sendrecv', streams });
    if (video) {
      // Without a camera the line still receives, and a camera that is switched on later needs no new offer.
      this.videoSender = this.connection.addTransceiver(media.videoTrack ?? 'video', { direction: 'sendrecv', streams }).sender;
    }
    await this.connection.setLocalDescription(await this.connection.createOffer());
  }

  offerContents(): readonly Xml[] {
    return this.describe();
  }

  async acceptAnswer(jingle: Xml): Promise<void> {
    const answer = answerFromJingle(jingle, 'responder', this.localDescription());
    await this.connection.setRemoteDescription({ type: 'answer', sdp: printSdp(answer, '2') });
    if (!answer.media.some((section) => section.kind === 'video' && section.accepted)) this.videoSender = undefined;
    await this.flushRemote();
  }

  /** Throws SdpError at once for what can not be a session, so that the request can be refused. */
  static checkOffer(jingle: Xml): SessionDescription {
    return offerFromJingle(jingle, 'initiator');
  }

  async answer(offer: SessionDescription, media: LocalMedia): Promise<readonly Xml[]> {
    await this.connection.setRemoteDescription({ type: 'offer', sdp: printSdp(offer, '1') });
    for (const transceiver of this.connection.getTransceivers()) {
      const { kind } = transceiver.receiver.track;
      const track = kind === 'audio' ? media.audioTrack : media.videoTrack;
      const taken = this.connection.getSenders().some((sender) => sender.track !== null && sender.track === track);
      if (kind === 'video') this.videoSender ??= transceiver.sender;
      if (taken) continue;
      transceiver.direction = 'sendrecv';
      transceiver.sender.setStreams(media.stream);
      if (track) await transceiver.sender.replaceTrack(track);
    }
    await this.flushRemote();
    await this.connection.setLocalDescription(await this.connection.createAnswer());
    return this.describe();
  }

  /** Takes the contents of a transport-info. A candidate that the browser refuses costs that candidate only. */
  async addRemoteCandidates(jingle: Xml): Promise<void> {
    for (const content of jingle.all('content')) {
      const mid = nameOf(content);
      for (const element of content.child('transport', NS.iceUdp)?.all('candidate') ?? []) {
        const candidate = readCandidate(element);
        if (candidate) this.waitingRemote.push({ mid, candidate });
      }
    }
    if (this.connection.remoteDescription) await this.flushRemote();
  }

  private async flushRemote(): Promise<void> {
    for (const { mid, candidate } of this.waitingRemote.splice(0)) {
      try {
        await this.connection.addIceCandidate({ candidate: printCandidate(candidate), sdpMid: mid });
      } catch (error) {
        console.warn('A candidate of the peer was passed over', error);
      }
    }
  }

  /** The name under which Jingle knows the first content of this kind. */
  contentName(kind: 'audio' | 'video'): string | undefined {
    return this.connection.getTransceivers().find(({ receiver, mid }) => mid !== null && receiver.track.kind === kind)?.mid ??
      undefined;
  }

  async replaceVideo(track: MediaStreamTrack | null): Promise<void> {
    await this.videoSender?.replaceTrack(track);
  }

  statistics(): Promise<RTCStatsReport> {
    return this.connection.getStats();
  }

  close(): void {
    clearTimeout(this.batchTimer);
    this.onStateChange = () => undefined;
    this.connection.close();
  }

  private localDescription(): SessionDescription {
    const sdp = this.connection.localDescription?.sdp;
    if (!sdp) throw new SdpError('no local description');
    return parseSdp(sdp);
  }

  private describe(): readonly Xml[] {
    this.described = true;
    return toJingle(this.localDescription(), this.role);
  }

  private localCandidate(candidate: RTCIceCandidate | null): void {
    if (!this.described || !candidate?.candidate || candidate.sdpMid === null) return;
    this.waitingLocal.push({ mid: candidate.sdpMid, candidate: parseCandidate(candidate.candidate) });
    this.batchTimer ??= setTimeout(() => this.flushLocal(), TRICKLE_BATCH_MS);
  }

  private flushLocal(): void {
    this.batchTimer = undefined;
    const batch = this.waitingLocal;
    this.waitingLocal = [];
    const contents = this.localDescription().media.flatMap(({ mid, transport }) => {
      const candidates = batch.filter((waiting) => waiting.mid === mid).map((waiting) => waiting.candidate);
      if (candidates.length === 0) return [];
      // Fingerprint and options were said in the description; ufrag and pwd tie candidates to their generation.
      const trickled = transportXml({ ...transport, options: [], fingerprints: [], candidates });
      return [xml('content', { creator: 'initiator', name: mid }, trickled)];
    });
    if (contents.length > 0) this.onTransportInfo(contents);
  }

  private remoteTrack(track: MediaStreamTrack): void {
    this.remoteStream.addTrack(track);
    track.onmute = () => this.onRemoteTrack();
    track.onunmute = () => this.onRemoteTrack();
    this.onRemoteTrack();
  }
}
