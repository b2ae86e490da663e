import { parseCandidate } from './candidate';
import {
  type Direction,
  type FormatParameter,
  type Group,
  type MediaSection,
  type PayloadType,
  type RtcpFeedback,
  SdpError,
  type SessionDescription,
  type Source,
  type Transport,
} from './sdp';

/** The attribute lines of one section, by attribute name, values in order. */
class Attributes {
  private readonly byName = new Map<string, string[]>();

  constructor(lines: readonly string[]) {
    for (const line of lines) {
      if (!line.startsWith('a=')) continue;
      const [name, value] = splitOnce(line.slice(2), ':');
      const values = this.byName.get(name) ?? [];
      this.byName.set(name, values);
      values.push(value ?? '');
    }
  }

  all(name: string): readonly string[] {
    return this.byName.get(name) ?? [];
  }

  first(name: string): string | undefined {
    return this.all(name)[0];
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/** Reads what a browser's `RTCSessionDescription.sdp` says about media and transport (RFC 8866, RFC 8829). */
export function parseSdp(sdp: string): SessionDescription {
  const sections: string[][] = [[]];
  for (const line of sdp.split(/\r\n|\n/)) {
    if (line.startsWith('m=')) sections.push([]);
    if (line !== '') sections.at(-1)?.push(line);
  }
  const [sessionLines = [], ...mediaLines] = sections;
  const session = new Attributes(sessionLines);
  const groups = session.all('group').map(parseGroup);
  return { groups, media: mediaLines.map((lines, index) => parseMedia(lines, index, session, groups)) };
}

function parseGroup(value: string): Group {
  const [semantics = '', ...mids] = value.trim().split(/\s+/);
  return { semantics, mids };
}

function parseMedia(lines: readonly string[], index: number, session: Attributes, groups: readonly Group[]): MediaSection {
  const [kind, port, protocol, ...formats] = (lines[0] ?? '').slice(2).split(' ');
  if (!kind || port === undefined || !protocol) throw new SdpError(`not a media line: ${lines[0]}`);
  const own = new Attributes(lines);
  const mid = own.first('mid') ?? String(index);
  const bundled = own.has('bundle-only') && groups.some((group) => group.mids.includes(mid));
  const msid = own.first('msid');
  return {
    mid,
    kind,
    protocol,
    accepted: port !== '0' || bundled,
    direction: DIRECTIONS.find((direction) => own.has(direction)) ??
      DIRECTIONS.find((direction) => session.has(direction)) ?? 'sendrecv',
    rtcpMux: own.has('rtcp-mux'),
    rtcpReducedSize: own.has('rtcp-rsize'),
    payloadTypes: formats.map((id) => parsePayloadType(id, own)),
    feedback: feedbackOf('*', own),
    extensions: own.all('extmap').map((value) => {
      const [idAndDirection = '', uri = ''] = value.split(' ');
      const [id, direction] = splitOnce(idAndDirection, '/');
      return { id, uri, ...(direction !== undefined && { direction: direction as Direction }) };
    }),
    extensionsAllowMixed: own.has('extmap-allow-mixed') || session.has('extmap-allow-mixed'),
    sources: parseSources(own.all('ssrc')),
    sourceGroups: own.all('ssrc-group').map((value) => {
      const [semantics = '', ...ssrcs] = value.trim().split(/\s+/);
      return { semantics, ssrcs };
    }),
    ...(msid !== undefined && { msid }),
    transport: parseTransport(own, session),
  };
}

function parsePayloadType(id: string, own: Attributes): PayloadType {
  const after = (values: readonly string[]) =>
    values.find((value) => value.startsWith(`${id} `))?.slice(id.length + 1);
  const [name, clockRate, channels] = after(own.all('rtpmap'))?.split('/') ?? [];
  const format = after(own.all('fmtp'));
  return {
    id,
    ...(name !== undefined && { name }),
    ...(clockRate !== undefined && { clockRate }),
    ...(channels !== undefined && { channels }),
    parameters: format === undefined ? [] : parseFormat(format),
    feedback: feedbackOf(id, own),
  };
}

function parseFormat(format: string): readonly FormatParameter[] {
  return format.split(';').map((part) => part.trim()).filter((part) => part !== '').map((part) => {
    const [name, value] = splitOnce(part, '=');
    return value === undefined ? { name: '', value: name } : { name, value };
  });
}

function feedbackOf(id: string, own: Attributes): readonly RtcpFeedback[] {
  return own.all('rtcp-fb').filter((value) => value.startsWith(`${id} `)).map((value) => {
    const [type, subtype] = splitOnce(value.slice(id.length + 1).trim(), ' ');
    return subtype === undefined ? { type } : { type, subtype };
  });
}

function parseSources(lines: readonly string[]): readonly Source[] {
  const attributes = new Map<string, { name: string; value?: string }[]>();
  for (const line of lines) {
    const [ssrc, attribute = ''] = splitOnce(line, ' ');
    const [name, value] = splitOnce(attribute, ':');
    const list = attributes.get(ssrc) ?? [];
    attributes.set(ssrc, list);
    if (name !== '') list.push(value === undefined ? { name } : { name, value });
  }
  return [...attributes].map(([ssrc, list]) => ({ ssrc, attributes: list }));
}

function parseTransport(own: Attributes, session: Attributes): Transport {
  const inherited = (name: string) => own.first(name) ?? session.first(name);
  const ufrag = inherited('ice-ufrag');
  const password = inherited('ice-pwd');
  const setup = inherited('setup');
  const fingerprints = own.has('fingerprint') ? own.all('fingerprint') : session.all('fingerprint');
  return {
    ...(ufrag !== undefined && { ufrag }),
    ...(password !== undefined && { password }),
    ...(setup !== undefined && { setup }),
    options: (inherited('ice-options') ?? '').split(' ').filter((option) => option !== ''),
    fingerprints: fingerprints.map((value) => {
      const [hash = '', digest = ''] = value.split(' ');
      return { hash, value: digest };
    }),
    candidates: own.all('candidate').map(parseCandidate),
  };
}
