import type { ReasonCondition } from '../jingle/reason';

/** Why a call ended, in terms a person can be told. */
export type EndReason =
  | 'hung-up' // we ended a call that was going on
  | 'peer-hung-up'
  | 'cancelled' // we gave up before an answer
  | 'missed' // the caller gave up, or rang too long
  | 'left' // this device went away while it rang; others ring on
  | 'declined' // the other side declined
  | 'declined-here'
  | 'busy'
  | 'no-answer'
  | 'not-connected' // we have no connection to the server
  | 'peer-offline'
  | 'unknown-user'
  | 'peer-gone' // the other device vanished without a word
  | 'answered-elsewhere'
  | 'declined-elsewhere'
  | 'moved-elsewhere' // the call goes on under another id (XEP-0353, migrated)
  | 'media-unavailable' // no microphone for us; see `Call.mediaError`
  | 'peer-media-unavailable'
  | 'no-relay' // relay-only was asked for and the server offers no relay
  | 'connection-failed'
  | 'incompatible'
  | 'failed';

export interface CallEnd {
  readonly reason: EndReason;
  /** What the peer or an error said, for a log or a detail line; never needed to understand `reason`. */
  readonly detail?: string;
  /** How long media could flow, in ms; 0 when it never did. */
  readonly durationMs: number;
}

/** The Jingle condition (XEP-0166 §7.4) that tells the peer of our reason. */
export function conditionOf(reason: EndReason): ReasonCondition {
  switch (reason) {
    case 'media-unavailable': return 'media-error';
    case 'no-relay':
    case 'connection-failed': return 'connectivity-error';
    case 'incompatible': return 'incompatible-parameters';
    case 'peer-gone': return 'gone';
    case 'moved-elsewhere': return 'expired';
    case 'cancelled': return 'cancel';
    case 'failed': return 'general-error';
    default: return 'success';
  }
}

/** What a peer's condition means to the person on this side. */
export function reasonOf(condition: ReasonCondition): EndReason {
  switch (condition) {
    case 'success':
    case 'gone':
    case 'cancel': return 'peer-hung-up';
    case 'busy': return 'busy';
    case 'decline': return 'declined';
    case 'timeout':
    case 'connectivity-error':
    case 'failed-transport': return 'connection-failed';
    case 'media-error': return 'peer-media-unavailable';
    case 'incompatible-parameters':
    case 'unsupported-applications':
    case 'unsupported-transports':
    case 'failed-application': return 'incompatible';
    case 'alternative-session':
    case 'expired': return 'moved-elsewhere';
    default: return 'failed';
  }
}
