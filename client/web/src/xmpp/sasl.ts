import { NS } from './namespaces';
import { type Xml, xml } from './xml';

/** The server refused the credentials (RFC 6120 §6.5): `condition` is its word, `text` what it says to people. */
export class AuthenticationError extends Error {
  override readonly name = 'AuthenticationError';

  constructor(
    readonly condition: string,
    readonly text?: string,
  ) {
    super(text ?? condition);
  }

  static fromFailure(failure: Xml): AuthenticationError {
    const condition = failure.elements.find((child) => child.name !== 'text');
    return new AuthenticationError(condition?.name ?? 'not-authorized', failure.child('text')?.text);
  }
}

/** SASL PLAIN (RFC 4616) with the token as the password. */
export function plainAuth(localpart: string, token: string): Xml {
  const bytes = new TextEncoder().encode(`\0${localpart}\0${token}`);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return xml('auth', { xmlns: NS.sasl, mechanism: 'PLAIN' }, btoa(binary));
}
