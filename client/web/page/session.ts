import { escapeLocalpart } from '../src/xmpp/jid';
import { nameAdvice } from './words';

/** Who is signed in, kept for this tab only, so that a reload stays signed in. */
export interface Session {
  readonly jid: string;
  readonly token: string;
  readonly expiresAt?: string;
}

export interface SignInInfo {
  readonly domain: string;
  readonly development: boolean;
  readonly webSocketPath: string;
}

/** A sign-in that did not work, in words for the person who tried. */
export class SignInError extends Error {
  override readonly name = 'SignInError';

  constructor(
    readonly title: string,
    readonly advice: string,
  ) {
    super(title);
  }
}

const KEY = 'sotto.session';
const UNREACHABLE = () => new SignInError('The server can’t be reached', 'Check your connection and try again.');

export function loadSession(): Session | undefined {
  try {
    const session = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Session | null;
    if (!session?.jid || !session.token) return undefined;
    const expired = session.expiresAt !== undefined && Date.parse(session.expiresAt) <= Date.now();
    return expired ? undefined : session;
  } catch {
    return undefined;
  }
}

export function keepSession(session: Session): void {
  sessionStorage.setItem(KEY, JSON.stringify(session));
}

export function forgetSession(): void {
  sessionStorage.removeItem(KEY);
}

export async function fetchSignInInfo(): Promise<SignInInfo> {
  const response = await fetch('/api/v1/sign-in').catch(() => undefined);
  if (!response?.ok) throw UNREACHABLE();
  return (await response.json()) as SignInInfo;
}

/** Asks the server on this machine for a token; elsewhere it refuses with a problem document (RFC 9457). */
export async function signInForDevelopment(user: string): Promise<Session> {
  const response = await fetch('/api/v1/sign-in/development', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, application/problem+json' },
    body: JSON.stringify({ user }),
  }).catch(() => undefined);
  if (!response) throw UNREACHABLE();
  if (response.ok) return (await response.json()) as Session;
  if (response.status === 400) throw new SignInError('This name can’t be used', nameAdvice(user));
  const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
  throw new SignInError(problem.title ?? 'The server refused the sign-in', problem.detail ?? 'Sign in with a token instead.');
}

/** Reads from a JWT (RFC 7519) whose it is and until when; the server is the one to verify it. */
export function sessionFromToken(text: string, domain: string): Session {
  const token = text.trim();
  const claims = readClaims(token);
  if (!claims?.sub) {
    throw new SignInError('That is not a sign-in token', 'Paste the whole token: three parts with dots between them.');
  }
  if (claims.exp !== undefined && claims.exp * 1000 <= Date.now()) {
    throw new SignInError('This token has expired', 'Ask for a new one.');
  }
  const jid = `${escapeLocalpart(claims.sub)}@${domain}`;
  return { jid, token, ...(claims.exp !== undefined && { expiresAt: new Date(claims.exp * 1000).toISOString() }) };
}

function readClaims(token: string): { sub?: string; exp?: number } | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as { sub?: string; exp?: number };
  } catch {
    return undefined;
  }
}
