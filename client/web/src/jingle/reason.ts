import { NS } from '../xmpp/namespaces';
import { type Xml, xml } from '../xmpp/xml';

/** The conditions of XEP-0166 §7.4. */
export const REASONS = [
  'alternative-session', 'busy', 'cancel', 'connectivity-error', 'decline', 'expired', 'failed-application',
  'failed-transport', 'general-error', 'gone', 'incompatible-parameters', 'media-error', 'security-error', 'success',
  'timeout', 'unsupported-applications', 'unsupported-transports',
] as const;
export type ReasonCondition = (typeof REASONS)[number];

/** Why a session ended, in the peer's words: a condition and perhaps a text for people. */
export interface Reason {
  readonly condition: ReasonCondition;
  readonly text?: string;
}

/** The element is Jingle's wherever it stands, also inside XEP-0353 messages. */
export function reasonXml(condition: ReasonCondition, text?: string): Xml {
  return xml('reason', { xmlns: NS.jingle }, xml(condition), text === undefined ? undefined : xml('text', {}, text));
}

/** Reads `<reason/>` below an element; an unknown or missing condition reads as `general-error`. */
export function readReason(parent: Xml): Reason {
  // Peers of XEP-0353 before 0.4 let <reason/> inherit the message's namespace.
  const reason = parent.child('reason', NS.jingle) ?? parent.child('reason');
  const condition = REASONS.find((name) => reason?.elements.some((child) => child.name === name));
  const text = reason?.elements.find((child) => child.name === 'text')?.text;
  return { condition: condition ?? 'general-error', ...(text && { text }) };
}
