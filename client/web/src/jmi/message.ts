import { readReason, type Reason, type ReasonCondition, reasonXml } from '../jingle/reason';
import { NS } from '../xmpp/namespaces';
import { type Xml, xml } from '../xmpp/xml';

export type CallMedia = 'audio' | 'video';
export type JmiAction = 'propose' | 'ringing' | 'proceed' | 'accept' | 'reject' | 'retract' | 'finish';

const ACTIONS: readonly JmiAction[] = ['propose', 'ringing', 'proceed', 'accept', 'reject', 'retract', 'finish'];

/** A message of XEP-0353 as read from a stanza; `id` names the call and later the Jingle session. */
export interface JmiMessage {
  readonly action: JmiAction;
  readonly id: string;
  readonly media: readonly CallMedia[];
  readonly reason: Reason;
  readonly tieBreak: boolean;
  readonly migratedTo?: string;
}

/** Reads the XEP-0353 payload of a message; undefined when it has none that is understood. */
export function readJmi(message: Xml): JmiMessage | undefined {
  const payload = message.elements.find((child) => child.ns === NS.jingleMessage);
  const action = ACTIONS.find((name) => name === payload?.name);
  const id = payload?.attribute('id');
  if (!payload || !action || !id || id.length > 256) return undefined;
  const kinds = payload.all('description', NS.rtp).map((description) => description.attribute('media'));
  const migratedTo = payload.child('migrated')?.attribute('to');
  return {
    action,
    id,
    media: (['audio', 'video'] as const).filter((kind) => kinds.includes(kind)),
    reason: readReason(payload),
    tieBreak: payload.elements.some((child) => child.name === 'tie-break'),
    ...(migratedTo !== undefined && { migratedTo }),
  };
}

export const propose = (id: string, media: readonly CallMedia[]): Xml =>
  jmi('propose', id, ...media.map((kind) => xml('description', { xmlns: NS.rtp, media: kind })));

export const ringing = (id: string): Xml => jmi('ringing', id);

export const proceed = (id: string): Xml => jmi('proceed', id);

/** What peers of 0.6 and older send to their own bare JID, so that their other devices fall silent. */
export const accept = (id: string): Xml => jmi('accept', id);

export const reject = (id: string, condition: ReasonCondition, text?: string): Xml =>
  jmi('reject', id, reasonXml(condition, text));

export const retract = (id: string, condition: ReasonCondition, text?: string): Xml =>
  jmi('retract', id, reasonXml(condition, text));

export const finish = (id: string, condition: ReasonCondition, text?: string): Xml =>
  jmi('finish', id, reasonXml(condition, text));

/** XEP-0353 "Tie Breaking", no existing session. */
export const tieBreak = (action: 'reject' | 'retract', id: string): Xml =>
  jmi(action, id, reasonXml('expired', 'Tie-Break'), xml('tie-break'));

/** XEP-0353 "Tie Breaking", existing session: the call goes on under another id. */
export const finishMigrated = (id: string, to: string): Xml =>
  jmi('finish', id, reasonXml('expired', 'Session migrated'), xml('migrated', { to }));

function jmi(action: JmiAction, id: string, ...children: readonly Xml[]): Xml {
  return xml(action, { xmlns: NS.jingleMessage, id }, ...children);
}

/** Of two proposals that crossed, the one whose id sorts first as octets prevails; equal ids fall back to the JIDs. */
export function prevails(id: string, jid: string, overId: string, overJid: string): boolean {
  const order = compareOctets(id, overId) || compareOctets(jid, overJid);
  return order < 0;
}

function compareOctets(one: string, other: string): number {
  const left = new TextEncoder().encode(one);
  const right = new TextEncoder().encode(other);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
