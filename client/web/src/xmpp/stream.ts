import { domainOf, localpartOf } from './jid';
import { NS } from './namespaces';
import { AuthenticationError, plainAuth } from './sasl';
import { StanzaError } from './stanza-error';
import type { Transport } from './transport';
import { parseXml, type Xml, xml } from './xml';

export interface StreamCredentials {
  readonly jid: string;
  readonly token: string;
  readonly resource: string;
}

/** The stream ended for a reason that the server named (RFC 6120 §4.9) or that the socket gave. */
export class StreamError extends Error {
  override readonly name = 'StreamError';

  constructor(
    readonly condition: string,
    text?: string,
  ) {
    super(text ?? condition);
  }
}

type Phase = 'opening' | 'authenticating' | 'restarting' | 'binding' | 'ready' | 'closed';

/**
 * One stream over one WebSocket: RFC 7395 framing, SASL PLAIN, restart, resource binding. `onReady` comes once with
 * the bound full JID; `onEnd` comes once, with the error if there was one.
 */
export class XmppStream {
  private phase: Phase = 'opening';
  onReady: (fullJid: string) => void = () => undefined;
  onStanza: (stanza: Xml) => void = () => undefined;
  onEnd: (error: AuthenticationError | StreamError | undefined) => void = () => undefined;

  constructor(
    private readonly transport: Transport,
    private readonly credentials: StreamCredentials,
  ) {
    transport.onOpen = () => this.open();
    transport.onMessage = (text) => this.receive(text);
    transport.onClose = () => this.end(new StreamError('connection-lost'));
  }

  send(stanza: Xml): void {
    this.transport.send(stanza.toString());
  }

  close(): void {
    if (this.phase === 'closed') return;
    this.send(xml('close', { xmlns: NS.framing }));
    this.end(undefined);
  }

  /** Drops the socket without a farewell: for a connection that no longer answers. */
  abandon(): void {
    this.end(new StreamError('connection-timeout'));
  }

  private open(): void {
    this.send(xml('open', { xmlns: NS.framing, to: domainOf(this.credentials.jid), version: '1.0' }));
  }

  private end(error: AuthenticationError | StreamError | undefined): void {
    if (this.phase === 'closed') return;
    this.phase = 'closed';
    this.transport.onMessage = () => undefined;
    this.transport.close();
    this.onEnd(error);
  }

  private receive(text: string): void {
    try {
      this.handle(parseXml(text));
    } catch (error) {
      this.end(error instanceof AuthenticationError ? error : new StreamError('bad-format', String(error)));
    }
  }

  private handle(element: Xml): void {
    if (element.is('open', NS.framing)) return;
    if (element.is('close', NS.framing)) return this.end(new StreamError('closed-by-server'));
    if (element.is('error', NS.streams)) {
      const condition = element.elements.find((child) => child.name !== 'text')?.name ?? 'undefined-condition';
      return this.end(new StreamError(condition, element.child('text', NS.streamErrors)?.text));
    }
    switch (this.phase) {
      case 'opening':
        if (element.is('features', NS.streams)) this.authenticate(element);
        return;
      case 'authenticating':
        if (element.is('failure', NS.sasl)) throw AuthenticationError.fromFailure(element);
        if (element.is('success', NS.sasl)) {
          this.phase = 'restarting';
          this.open();
        }
        return;
      case 'restarting':
        if (element.is('features', NS.streams)) this.bind();
        return;
      case 'binding':
        if (element.name === 'iq' && element.attribute('id') === 'bind') this.bound(element);
        return;
      case 'ready':
        this.onStanza(element);
        return;
      case 'closed':
        return;
    }
  }

  private authenticate(features: Xml): void {
    const offered = features.child('mechanisms', NS.sasl)?.all('mechanism').map((mechanism) => mechanism.text.trim());
    if (!offered?.includes('PLAIN')) throw new AuthenticationError('invalid-mechanism', 'The server offers no PLAIN.');
    this.phase = 'authenticating';
    this.send(plainAuth(localpartOf(this.credentials.jid), this.credentials.token));
  }

  private bind(): void {
    this.phase = 'binding';
    const resource = xml('resource', {}, this.credentials.resource);
    this.send(xml('iq', { xmlns: NS.client, type: 'set', id: 'bind' }, xml('bind', { xmlns: NS.bind }, resource)));
  }

  private bound(result: Xml): void {
    const jid = result.child('bind', NS.bind)?.child('jid')?.text;
    if (result.attribute('type') !== 'result' || !jid) {
      const refusal = StanzaError.fromStanza(result);
      return this.end(new StreamError(refusal.condition, refusal.text));
    }
    this.phase = 'ready';
    this.onReady(jid);
  }
}
