import { NS } from './namespaces';
import type { Xml } from './xml';

export interface CarbonCopy {
  readonly direction: 'sent' | 'received';
  readonly message: Xml;
}

/**
 * Unwraps a message carbon (XEP-0280 §6). A copy that does not come from the account's own bare JID is forged
 * (XEP-0280 §11) and yields undefined, as does a message that is no copy.
 */
export function carbonCopy(message: Xml, ownBareJid: string): CarbonCopy | undefined {
  for (const direction of ['sent', 'received'] as const) {
    const inner = message.child(direction, NS.carbons)?.child('forwarded', NS.forward)?.child('message', NS.client);
    if (inner) return message.attribute('from') === ownBareJid ? { direction, message: inner } : undefined;
  }
  return undefined;
}

export function isCarbon(message: Xml): boolean {
  return message.elements.some((child) => child.ns === NS.carbons && child.name !== 'private');
}
