import { NS } from '../xmpp/namespaces';
import { type Xml, xml } from '../xmpp/xml';
import { type Role, sendersOf } from './content';
import type {
  Candidate, HeaderExtension, MediaSection, PayloadType, RtcpFeedback, SessionDescription, Source, Transport,
} from './sdp';

/** SDP → Jingle: `<group/>` (XEP-0338) and the accepted `<content/>`s (XEP-0167) as `speaker` says them. */
export function toJingle(description: SessionDescription, speaker: Role): readonly Xml[] {
  const accepted = description.media.filter((section) => section.accepted);
  const names = new Set(accepted.map((section) => section.mid));
  const groups = description.groups
    .map((group) => ({ ...group, mids: group.mids.filter((mid) => names.has(mid)) }))
    .filter((group) => group.mids.length > 0);
  return [
    ...accepted.map((section) => contentXml(section, speaker)),
    ...groups.map(({ semantics, mids }) =>
      xml('group', { xmlns: NS.grouping, semantics }, ...mids.map((name) => xml('content', { name })))),
  ];
}

function contentXml(section: MediaSection, speaker: Role): Xml {
  const senders = sendersOf(section.direction, speaker);
  // Every content is the initiator's: content-add is not spoken here.
  return xml('content', { creator: 'initiator', name: section.mid, senders }, descriptionXml(section, speaker),
    transportXml(section.transport));
}

function descriptionXml(section: MediaSection, speaker: Role): Xml {
  return xml(
    'description',
    { xmlns: NS.rtp, media: section.kind },
    ...section.payloadTypes.map(payloadTypeXml),
    ...section.feedback.map(feedbackXml),
    ...section.extensions.map((extension) => extensionXml(extension, speaker)),
    section.extensionsAllowMixed ? xml('extmap-allow-mixed', { xmlns: NS.headerExtensions }) : undefined,
    ...section.sourceGroups.map(({ semantics, ssrcs }) =>
      xml('ssrc-group', { xmlns: NS.sourceAttributes, semantics }, ...ssrcs.map((ssrc) => xml('source', { ssrc })))),
    ...section.sources.map((source) => sourceXml(source, section.msid)),
    section.rtcpMux ? xml('rtcp-mux') : undefined,
    section.rtcpReducedSize ? xml('rtcp-reduced-size') : undefined,
  );
}

function payloadTypeXml({ id, name, clockRate, channels, parameters, feedback }: PayloadType): Xml {
  return xml(
    'payload-type',
    { id, name, clockrate: clockRate, channels },
    ...parameters.map((parameter) => xml('parameter', { name: parameter.name, value: parameter.value })),
    ...feedback.map(feedbackXml),
  );
}

/** XEP-0293. */
function feedbackXml({ type, subtype }: RtcpFeedback): Xml {
  const trrInt = type === 'trr-int' && subtype !== undefined;
  return trrInt
    ? xml('rtcp-fb-trr-int', { xmlns: NS.rtcpFeedback, value: subtype })
    : xml('rtcp-fb', { xmlns: NS.rtcpFeedback, type, subtype });
}

/** XEP-0294. */
function extensionXml({ id, uri, direction }: HeaderExtension, speaker: Role): Xml {
  return xml('rtp-hdrext', { xmlns: NS.headerExtensions, id, uri, senders: direction && sendersOf(direction, speaker) });
}

/** XEP-0339. A browser may name stream and track once for the section; peers look for them on the source. */
function sourceXml({ ssrc, attributes }: Source, msid: string | undefined): Xml {
  const named = msid === undefined || attributes.some((attribute) => attribute.name === 'msid');
  const all = named ? attributes : [...attributes, { name: 'msid', value: msid }];
  return xml('source', { xmlns: NS.sourceAttributes, ssrc }, ...all.map(({ name, value }) => xml('parameter', { name, value })));
}

/** XEP-0176 with the fingerprint of XEP-0320. */
export function transportXml(transport: Transport): Xml {
  const { ufrag, password, setup } = transport;
  return xml(
    'transport',
    { xmlns: NS.iceUdp, ufrag, pwd: password },
    ...transport.options.map((option) => xml(option, { xmlns: NS.iceOptions })),
    ...transport.fingerprints.map(({ hash, value }) => xml('fingerprint', { xmlns: NS.dtls, hash, setup }, value)),
    ...transport.candidates.map(candidateXml),
  );
}

export function candidateXml(candidate: Candidate): Xml {
  const { component, foundation, ip, port, priority, protocol, type } = candidate;
  return xml('candidate', {
    component,
    foundation,
    generation: candidate.generation ?? '0',
    id: crypto.randomUUID().slice(0, 12),
    ip,
    network: candidate.networkId,
    port,
    priority,
    protocol,
    type,
    'rel-addr': candidate.relatedAddress,
    'rel-port': candidate.relatedPort,
    tcptype: candidate.tcpType,
  });
}
