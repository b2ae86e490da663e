import { NS } from '../xmpp/namespaces';
import type { Xml } from '../xmpp/xml';
import { directionOf, type Role } from './content';
import {
  type Candidate, type Group, type HeaderExtension, type MediaSection, type PayloadType, type RtcpFeedback, SdpError,
  type SessionDescription, type Source, type Transport,
} from './sdp';

/** Jingle → SDP for an offer: the contents in the order in which `speaker`, the peer, sent them. */
export function offerFromJingle(jingle: Xml, speaker: Role): SessionDescription {
  const media = jingle.all('content').map((content) => mediaSection(content, speaker));
  if (media.length === 0) throw new SdpError('a session without contents');
  if (new Set(media.map((section) => section.mid)).size < media.length) throw new SdpError('two contents of one name');
  return { media, groups: groupsOf(jingle, media) };
}

/**
 * Jingle → SDP for an answer: it must repeat the offer's m-lines in their order (RFC 3264 §6), so a content that the
 * peer left out becomes a refused line.
 */
export function answerFromJingle(jingle: Xml, speaker: Role, offer: SessionDescription): SessionDescription {
  const answered = new Map(jingle.all('content').map((content) => [nameOf(content), content]));
  const media = offer.media.map((offered): MediaSection => {
    const content = answered.get(offered.mid);
    if (!content) return refused(offered);
    const section = mediaSection(content, speaker);
    if (section.kind !== offered.kind) throw new SdpError(`content ${offered.mid} changed its media`);
    // RFC 8842 §5.3: an answer must choose. A peer that repeats "actpass" leaves the first move to us, or so it hopes.
    const setup = section.transport.setup === 'passive' ? 'passive' : 'active';
    return { ...section, transport: { ...section.transport, setup } };
  });
  if (media.every((section) => !section.accepted)) throw new SdpError('the answer accepts no content');
  return { media, groups: groupsOf(jingle, media) };
}

function refused(offered: MediaSection): MediaSection {
  const transport: Transport = { options: [], fingerprints: [], candidates: [] };
  return {
    ...offered, accepted: false, direction: 'inactive', sources: [], sourceGroups: [], transport,
    payloadTypes: offered.payloadTypes.slice(0, 1),
  };
}

export function nameOf(content: Xml): string {
  const name = content.attribute('name') ?? '';
  // The name becomes a=mid, which is a token (RFC 5888 §4).
  if (!/^[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+$/.test(name)) throw new SdpError('a content name that is no token');
  return name;
}

function groupsOf(jingle: Xml, media: readonly MediaSection[]): readonly Group[] {
  const known = new Set(media.filter((section) => section.accepted).map((section) => section.mid));
  return jingle.all('group', NS.grouping).map((group) => ({
    semantics: group.attribute('semantics') ?? group.attribute('type') ?? 'BUNDLE',
    mids: group.all('content').map((content) => content.attribute('name') ?? '').filter((name) => known.has(name)),
  })).filter((group) => group.mids.length > 0);
}

function mediaSection(content: Xml, speaker: Role): MediaSection {
  const mid = nameOf(content);
  const description = content.child('description', NS.rtp);
  const transportElement = content.child('transport', NS.iceUdp);
  const kind = description?.attribute('media');
  if (!description || (kind !== 'audio' && kind !== 'video')) throw new SdpError(`content ${mid} is no audio or video`);
  if (!transportElement) throw new SdpError(`content ${mid} has no ICE-UDP transport`);
  const transport = readTransport(transportElement);
  // SDES keys (<encryption/>) are passed over: with DTLS-SRTP required, media without a fingerprint is refused.
  if (transport.fingerprints.length === 0) throw new SdpError(`content ${mid} has no DTLS fingerprint`);
  const sources = description.all('source', NS.sourceAttributes).map(readSource);
  const msid = sources.flatMap((source) => source.attributes).find((attribute) => attribute.name === 'msid')?.value;
  return {
    mid,
    kind,
    protocol: 'UDP/TLS/RTP/SAVPF',
    accepted: true,
    direction: directionOf(content.attribute('senders'), speaker),
    // A peer that gives no RTCP candidates can only mean to multiplex (RFC 5761 §5.1.1), said or not.
    rtcpMux: description.child('rtcp-mux') !== undefined ||
      transport.candidates.every((candidate) => candidate.component === '1'),
    rtcpReducedSize: description.child('rtcp-reduced-size') !== undefined,
    payloadTypes: description.all('payload-type').map(readPayloadType),
    feedback: readFeedback(description),
    extensions: description.all('rtp-hdrext', NS.headerExtensions).map((element) => readExtension(element, speaker)),
    extensionsAllowMixed: description.child('extmap-allow-mixed', NS.headerExtensions) !== undefined,
    sources,
    sourceGroups: description.all('ssrc-group', NS.sourceAttributes).map((group) => ({
      semantics: required(group, 'semantics'),
      ssrcs: group.all('source').map((source) => required(source, 'ssrc')),
    })),
    ...(msid !== undefined && { msid }),
    transport,
  };
}

function required(element: Xml, name: string): string {
  const value = element.attribute(name);
  if (value === undefined) throw new SdpError(`<${element.name}/> without ${name}`);
  return value;
}

function token(value: string): string {
  if (!/^[^\s]+$/.test(value)) throw new SdpError(`a value with white space: ${value}`);
  return value;
}

function readPayloadType(element: Xml): PayloadType {
  const id = required(element, 'id');
  if (!/^\d{1,3}$/.test(id)) throw new SdpError(`payload type ${id}`);
  const optional = (key: 'name' | 'clockRate' | 'channels', attribute: string) => {
    const value = element.attribute(attribute);
    return value === undefined ? {} : { [key]: token(value) };
  };
  const channels = element.attribute('channels');
  return {
    id,
    ...optional('name', 'name'),
    ...optional('clockRate', 'clockrate'),
    // One channel is the default (XEP-0167 §4) and some browsers match "/1" with nothing.
    ...(channels !== '1' && optional('channels', 'channels')),
    parameters: element.all('parameter').map((parameter) => ({
      name: parameter.attribute('name') ?? '',
      value: parameter.attribute('value') ?? '',
    })),
    feedback: readFeedback(element),
  };
}

function readFeedback(parent: Xml): readonly RtcpFeedback[] {
  return parent.elements.filter((child) => child.ns === NS.rtcpFeedback).map((element) => {
    if (element.name === 'rtcp-fb-trr-int') return { type: 'trr-int', subtype: required(element, 'value') };
    const subtype = element.attribute('subtype');
    return { type: token(required(element, 'type')), ...(subtype !== undefined && { subtype }) };
  });
}

function readExtension(element: Xml, speaker: Role): HeaderExtension {
  const senders = element.attribute('senders');
  const id = token(required(element, 'id'));
  const uri = token(required(element, 'uri'));
  // "both" is the default; saying it again as a direction would differ from what was offered.
  return { id, uri, ...(senders !== undefined && senders !== 'both' && { direction: directionOf(senders, speaker) }) };
}

function readSource(element: Xml): Source {
  return {
    ssrc: token(required(element, 'ssrc')),
    attributes: element.all('parameter').map((parameter) => {
      const value = parameter.attribute('value');
      return { name: token(required(parameter, 'name')), ...(value !== undefined && { value }) };
    }),
  };
}

export function readTransport(element: Xml): Transport {
  const fingerprints = element.all('fingerprint', NS.dtls);
  const setup = fingerprints[0]?.attribute('setup');
  const ufrag = element.attribute('ufrag');
  const password = element.attribute('pwd');
  return {
    ...(ufrag !== undefined && { ufrag: token(ufrag) }),
    ...(password !== undefined && { password: token(password) }),
    ...(setup !== undefined && { setup: token(setup) }),
    options: element.elements.filter((child) => child.ns === NS.iceOptions).map((child) => child.name),
    fingerprints: fingerprints.map((fingerprint) => ({
      hash: token(required(fingerprint, 'hash')),
      value: token(fingerprint.text.trim()),
    })),
    candidates: element.all('candidate').map(readCandidate).filter((candidate) => candidate !== undefined),
  };
}

/** A candidate of a kind that no browser can use is passed over rather than failing the call (XEP-0176 §5.6). */
export function readCandidate(element: Xml): Candidate | undefined {
  const { component, foundation, ip, port, priority, protocol, type } = element.attributes;
  if (!component || !foundation || !ip || !port || !priority || !type) return undefined;
  const name = (protocol ?? 'udp').toLowerCase();
  if (!['udp', 'tcp'].includes(name) || !['host', 'srflx', 'prflx', 'relay'].includes(type)) return undefined;
  const optional = (key: keyof Candidate, attribute: string) => {
    const value = element.attribute(attribute);
    return value === undefined ? {} : { [key]: token(value) };
  };
  return {
    component: token(component), foundation: token(foundation), ip: token(ip), port: token(port),
    priority: token(priority), protocol: name, type,
    ...optional('relatedAddress', 'rel-addr'),
    ...optional('relatedPort', 'rel-port'),
    ...optional('tcpType', 'tcptype'),
    ...optional('generation', 'generation'),
    ...optional('networkId', 'network'),
  };
}
