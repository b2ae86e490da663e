import { Emitter } from '../events';
import type { Connection } from './connection';
import { bareJid, isFullJid, localpartOf, unescapeLocalpart } from './jid';
import { NS } from './namespaces';
import { StanzaError } from './stanza-error';
import { type Xml, xml } from './xml';

export interface Contact {
  readonly jid: string;
  readonly name: string;
  readonly online: boolean;
}

interface Entry {
  readonly jid: string;
  readonly name: string;
}

/**
 * The people one may call: the roster (RFC 6121 §2) joined with presence (§4). A contact is online while at least
 * one of its resources is available. `gone` names each full JID that became unavailable.
 */
export class Contacts extends Emitter<{ changed: readonly Contact[]; gone: string; back: string }> {
  private readonly entries = new Map<string, Entry>();
  private readonly resources = new Map<string, Set<string>>();

  constructor(private readonly connection: Connection) {
    super();
    connection.handle('query', NS.roster, 'set', (iq, query) => this.push(iq, query));
    connection.on('presence', (presence) => this.presence(presence));
    connection.on('online', () => void this.load());
    connection.on('state', ({ state }) => {
      if (state === 'online') return;
      // What we knew of others' presence ended with our own.
      this.resources.clear();
      this.changed();
    });
  }

  list(): readonly Contact[] {
    return [...this.entries.values()]
      .map(({ jid, name }) => ({ jid, name, online: this.isOnline(jid) }))
      .sort((one, other) => Number(other.online) - Number(one.online) || one.name.localeCompare(other.name));
  }

  has(jid: string): boolean {
    return this.entries.has(bareJid(jid));
  }

  isOnline(jid: string): boolean {
    return (this.resources.get(bareJid(jid))?.size ?? 0) > 0;
  }

  /** Whether the device with this full JID is available. */
  isHere(device: string): boolean {
    return this.resources.get(bareJid(device))?.has(device) ?? false;
  }

  nameOf(jid: string): string {
    return this.entries.get(bareJid(jid))?.name ?? nameFromJid(jid);
  }

  /** Resolves once the person is online, or after the given time: right after sign-in presence is still on its way. */
  async settled(jid: string, timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (!this.isOnline(jid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    return this.isOnline(jid);
  }

  private async load(): Promise<void> {
    try {
      const { connection } = this;
      const result = await connection.iq('get', connection.bareJid, xml('query', { xmlns: NS.roster }));
      this.entries.clear();
      for (const item of result.child('query', NS.roster)?.all('item') ?? []) this.item(item);
      this.changed();
    } catch (error) {
      // Without a roster one can still call an address; the next connection asks again.
      if (!(error instanceof StanzaError)) throw error;
    }
  }

  private push(iq: Xml, query: Xml): void {
    const from = iq.attribute('from');
    // RFC 6121 §2.1.6: anyone else's push is an attempt to write into our roster.
    if (from !== undefined && from !== this.connection.bareJid && from !== this.connection.jid) {
      throw new StanzaError('cancel', 'service-unavailable');
    }
    for (const item of query.all('item')) this.item(item);
    this.changed();
  }

  private item(item: Xml): void {
    const jid = item.attribute('jid');
    if (!jid || jid === this.connection.bareJid) return;
    if (item.attribute('subscription') === 'remove') this.entries.delete(jid);
    else this.entries.set(jid, { jid, name: item.attribute('name') ?? nameFromJid(jid) });
  }

  private presence(presence: Xml): void {
    const from = presence.attribute('from') ?? '';
    const type = presence.attribute('type');
    const bare = bareJid(from);
    if (!isFullJid(from) || (type !== undefined && type !== 'unavailable')) {
      if (type === 'unavailable' && this.resources.delete(bare)) this.changed();
      return;
    }
    const known = this.resources.get(bare) ?? new Set<string>();
    this.resources.set(bare, known);
    if (type === 'unavailable') {
      known.delete(from);
      this.emit('gone', from);
    } else {
      known.add(from);
      this.emit('back', from);
    }
    this.changed();
  }

  private changed(): void {
    this.emit('changed', this.list());
  }
}

/** "ada.lovelace" reads as "Ada Lovelace"; anything else stays as its owner wrote it. */
export function nameFromJid(jid: string): string {
  const user = unescapeLocalpart(localpartOf(jid)) || bareJid(jid);
  if (!/^[a-z]+([._-][a-z]+)*$/.test(user)) return user;
  return user.split(/[._-]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}
