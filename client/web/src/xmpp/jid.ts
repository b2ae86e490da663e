/** The JID without its resource (RFC 7622 §3.1). */
export function bareJid(jid: string): string {
  const slash = jid.indexOf('/');
  return slash < 0 ? jid : jid.slice(0, slash);
}

/** The resource, or an empty string for a bare JID. */
export function resourceOf(jid: string): string {
  const slash = jid.indexOf('/');
  return slash < 0 ? '' : jid.slice(slash + 1);
}

export function isFullJid(jid: string): boolean {
  return resourceOf(jid) !== '';
}

export function localpartOf(jid: string): string {
  const bare = bareJid(jid);
  const at = bare.indexOf('@');
  return at < 0 ? '' : bare.slice(0, at);
}

export function domainOf(jid: string): string {
  const bare = bareJid(jid);
  return bare.slice(bare.indexOf('@') + 1);
}

/** Compares without regard to case: a server may fold the localpart and the domain (RFC 7622 §3.2, §3.3). */
export function sameBareJid(one: string, other: string): boolean {
  return bareJid(one).toLowerCase() === bareJid(other).toLowerCase();
}

const ESCAPES: Readonly<Record<string, string>> = {
  ' ': '\\20', '"': '\\22', '&': '\\26', "'": '\\27', '/': '\\2f', ':': '\\3a', '<': '\\3c', '>': '\\3e', '@': '\\40',
};

/** XEP-0106: makes any user name a localpart. */
export function escapeLocalpart(name: string): string {
  return name
    .replace(/\\(?=20|22|26|27|2f|3a|3c|3e|40|5c)/gi, '\\5c')
    .replace(/[ "&'/:<>@]/g, (character) => ESCAPES[character] ?? character);
}

/** The reverse of {@link escapeLocalpart}, for showing a name to a person. */
export function unescapeLocalpart(localpart: string): string {
  return localpart.replace(/\\(20|22|26|27|2f|3a|3c|3e|40|5c)/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
