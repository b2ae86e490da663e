import type { CallMedia } from '../jmi/message';
import type { Connection } from '../xmpp/connection';
import type { IceServers } from '../xmpp/external-services';
import type { CallEnd } from './end';
import type { GetUserMedia } from './local-media';
import type { CreatePeerConnection } from './peer';

/**
 * `preparing` (devices are opened) → `calling` (proposed) → `ringing` → `connecting` (answered) → `active` ⇄
 * `interrupted` → `ended`; a call that comes in starts at `incoming`.
 */
export type CallState = 'preparing' | 'calling' | 'ringing' | 'incoming' | 'connecting' | 'active' | 'interrupted' | 'ended';

export interface CallEvents {
  state: CallState;
  /** The local stream, its mute or camera state changed; see the getters. */
  local: void;
  /** Tracks of the peer came, fell silent or resumed. */
  remote: MediaStream;
  ended: CallEnd;
}

export interface CallTimeouts {
  readonly noAnswerMs: number;
  /** How long an answered call may take until media flows; a person may have to grant the microphone first. */
  readonly setupMs: number;
  readonly connectMs: number;
  /** How long a peer that vanished is waited for. */
  readonly goneMs: number;
}

/** What a call needs of the world around it. */
export interface CallContext {
  readonly connection: Connection;
  readonly timeouts: CallTimeouts;
  readonly getUserMedia: GetUserMedia;
  readonly createPeerConnection: CreatePeerConnection;
  readonly iceServers: () => Promise<IceServers>;
  /** Resolves to whether the person is known to be offline; undefined for strangers, of whom we know nothing. */
  readonly knownOffline: (jid: string) => Promise<boolean>;
}

export interface CallOptions {
  readonly id: string;
  readonly peer: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly media: readonly CallMedia[];
  readonly relayOnly: boolean;
  readonly peerDevice?: string;
}

export interface AnswerOptions {
  readonly video?: boolean;
  readonly relayOnly?: boolean;
}
