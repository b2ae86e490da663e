import { type Candidate, SdpError } from './sdp';

/** Reads the value of `a=candidate` (RFC 8839 §5.1), with or without its prefixes. */
export function parseCandidate(line: string): Candidate {
  const words = line.replace(/^a=/, '').replace(/^candidate:/, '').trim().split(/\s+/);
  const [foundation, component, protocol, priority, ip, port, typ, type, ...rest] = words;
  if (!foundation || !component || !protocol || !priority || !ip || !port || typ !== 'typ' || !type) {
    throw new SdpError(`not a candidate: ${line}`);
  }
  const extensions = new Map<string, string>();
  for (let i = 0; i + 1 < rest.length; i += 2) extensions.set(rest[i] ?? '', rest[i + 1] ?? '');
  const optional = (key: keyof Candidate, name: string) => {
    const value = extensions.get(name);
    return value === undefined ? {} : { [key]: value };
  };
  return {
    foundation,
    component,
    protocol: protocol.toLowerCase(),
    priority,
    ip,
    port,
    type,
    ...optional('relatedAddress', 'raddr'),
    ...optional('relatedPort', 'rport'),
    ...optional('tcpType', 'tcptype'),
    ...optional('generation', 'generation'),
    ...optional('networkId', 'network-id'),
  };
}

/** Prints `candidate:…`, the form that RTCIceCandidate takes. */
export function printCandidate(candidate: Candidate): string {
  const { foundation, component, protocol, priority, ip, port, type } = candidate;
  let line = `candidate:${foundation} ${component} ${protocol} ${priority} ${ip} ${port} typ ${type}`;
  if (candidate.relatedAddress !== undefined) line += ` raddr ${candidate.relatedAddress}`;
  if (candidate.relatedPort !== undefined) line += ` rport ${candidate.relatedPort}`;
  if (candidate.tcpType !== undefined) line += ` tcptype ${candidate.tcpType}`;
  if (candidate.generation !== undefined) line += ` generation ${candidate.generation}`;
  if (candidate.networkId !== undefined) line += ` network-id ${candidate.networkId}`;
  return line;
}
