import { NS } from './namespaces';
import { type Xml, xml } from './xml';

export type StanzaErrorType = 'auth' | 'cancel' | 'continue' | 'modify' | 'wait';

/**
 * A stanza error (RFC 6120 §8.3): type, defined condition, and optionally the application's own condition, such as
 * XEP-0166's `unknown-session`. Thrown by a handler it becomes the error reply; thrown by `iq` it is the peer's.
 */
export class StanzaError extends Error {
  override readonly name = 'StanzaError';

  constructor(
    readonly type: StanzaErrorType,
    readonly condition: string,
    readonly application?: { readonly name: string; readonly ns: string },
    readonly text?: string,
  ) {
    super(text ?? application?.name ?? condition);
  }

  toXml(): Xml {
    return xml(
      'error',
      { type: this.type },
      xml(this.condition, { xmlns: NS.stanzaErrors }),
      this.text === undefined ? undefined : xml('text', { xmlns: NS.stanzaErrors }, this.text),
      this.application && xml(this.application.name, { xmlns: this.application.ns }),
    );
  }

  static fromStanza(stanza: Xml): StanzaError {
    const error = stanza.child('error');
    const conditions = error?.elements.filter((child) => child.ns === NS.stanzaErrors && child.name !== 'text') ?? [];
    const application = error?.elements.find((child) => child.ns !== NS.stanzaErrors);
    return new StanzaError(
      (error?.attribute('type') as StanzaErrorType | undefined) ?? 'cancel',
      conditions[0]?.name ?? 'undefined-condition',
      application && { name: application.name, ns: application.ns },
      error?.child('text', NS.stanzaErrors)?.text,
    );
  }
}
