import { StanzaError } from '../xmpp/stanza-error';
import { NS } from '../xmpp/namespaces';
import type { Xml } from '../xmpp/xml';
import { Peer } from './peer';

/**
 * The peer's Jingle requests that came before there was a peer connection, which waits for TURN credentials: checked at
 * once, since each gets its answer at once (XEP-0166 §6.2), and handled in their order later.
 */
export class EarlyRequests {
  private readonly requests: Xml[] = [];

  /** Whether the peer's offer is among them. */
  get offered(): boolean { return this.requests.length > 0; }

  /**
   * What it throws is the error reply.
   *
   * @param refuse told why an offer can not be used
   */
  add(jingle: Xml, refuse: (error: unknown) => void): void {
    const initiates = jingle.attribute('action') === 'session-initiate';
    if (initiates === this.offered) {
      throw new StanzaError('wait', 'unexpected-request', { name: 'out-of-order', ns: NS.jingleErrors });
    }
    try {
      if (initiates) Peer.checkOffer(jingle);
    } catch (error) {
      queueMicrotask(() => refuse(error));
      throw new StanzaError('modify', 'bad-request', undefined, error instanceof Error ? error.message : undefined);
    }
    this.requests.push(jingle);
  }

  /** Hands them over, the first one first; what `receive` throws ends it. */
  replay(receive: (jingle: Xml) => void): void {
    this.requests.forEach(receive);
  }
}
