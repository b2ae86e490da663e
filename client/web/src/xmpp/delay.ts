import { NS } from './namespaces';
import type { Xml } from './xml';

/** When a delayed stanza was sent (XEP-0203), in ms since the epoch; undefined for one that came straight. */
export function delayedSince(stanza: Xml): number | undefined {
  const stamp = stanza.child('delay', NS.delay)?.attribute('stamp');
  const time = stamp === undefined ? Number.NaN : Date.parse(stamp);
  return Number.isNaN(time) ? undefined : time;
}
