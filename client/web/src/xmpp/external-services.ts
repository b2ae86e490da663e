import type { Connection } from './connection';
import { NS } from './namespaces';
import { type Xml, xml } from './xml';

/** STUN and TURN servers for a peer connection, and whether a relay is among them. */
export interface IceServers {
  readonly servers: RTCIceServer[];
  readonly hasRelay: boolean;
}

/** Asks the server for its STUN and TURN services with fresh credentials (XEP-0215 §3.2). */
export async function fetchIceServers(connection: Connection): Promise<IceServers> {
  const result = await connection.iq('get', connection.domain, xml('services', { xmlns: NS.externalServices }));
  return readIceServers(result.child('services', NS.externalServices));
}

export function readIceServers(services: Xml | undefined, nowMs = Date.now()): IceServers {
  const servers = (services?.all('service') ?? []).map((service) => iceServer(service, nowMs));
  const usable = servers.filter((server): server is RTCIceServer => server !== undefined);
  return { servers: usable, hasRelay: usable.some((server) => String(server.urls).startsWith('turn')) };
}

function iceServer(service: Xml, nowMs: number): RTCIceServer | undefined {
  const { type, host, port, transport, username, password, expires } = service.attributes;
  if (!type || !host || !['stun', 'stuns', 'turn', 'turns'].includes(type)) return undefined;
  if (expires !== undefined && Date.parse(expires) <= nowMs) return undefined;
  // A STUN URI knows no transport (RFC 7064), and browsers ask STUN over UDP only.
  if (type.startsWith('stun') && transport !== undefined && transport !== 'udp') return undefined;
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const address = port ? `${name}:${port}` : name;
  if (type.startsWith('stun')) return { urls: `${type}:${address}` };
  if (username === undefined || password === undefined) return undefined;
  // turns: over UDP would be DTLS, which no browser speaks.
  if (type === 'turns' && transport === 'udp') return undefined;
  return { urls: `${type}:${address}?transport=${transport ?? (type === 'turns' ? 'tcp' : 'udp')}`, username, credential: password };
}
