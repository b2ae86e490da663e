import { printCandidate } from './candidate';
import { type MediaSection, type PayloadType, type RtcpFeedback, SdpError, type SessionDescription } from './sdp';

/**
 * Prints a description that a browser accepts as remote (RFC 8829 §5). What a peer wrote into Jingle ends up in
 * lines here, so a value with a line break, which would forge further lines, is refused.
 */
export function printSdp(description: SessionDescription, sessionId: string): string {
  const lines = ['v=0', `o=- ${sessionId} 2 IN IP4 127.0.0.1`, 's=-', 't=0 0'];
  for (const group of description.groups) lines.push(`a=group:${[group.semantics, ...group.mids].join(' ')}`);
  lines.push('a=msid-semantic: WMS *');
  for (const section of description.media) lines.push(...printMedia(section));
  for (const line of lines) {
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u001f]/.test(line)) throw new SdpError('a control character in a session description');
  }
  return `${lines.join('\r\n')}\r\n`;
}

function printMedia(section: MediaSection): string[] {
  const formats = section.payloadTypes.map((payloadType) => payloadType.id).join(' ') || '0';
  const { transport } = section;
  const lines = [
    `m=${section.kind} ${section.accepted ? 9 : 0} ${section.protocol} ${formats}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${section.mid}`,
    `a=${section.direction}`,
  ];
  if (!section.accepted) return lines;
  lines.push('a=rtcp:9 IN IP4 0.0.0.0');
  if (transport.ufrag !== undefined) lines.push(`a=ice-ufrag:${transport.ufrag}`);
  if (transport.password !== undefined) lines.push(`a=ice-pwd:${transport.password}`);
  if (transport.options.length > 0) lines.push(`a=ice-options:${transport.options.join(' ')}`);
  for (const { hash, value } of transport.fingerprints) lines.push(`a=fingerprint:${hash} ${value}`);
  if (transport.setup !== undefined) lines.push(`a=setup:${transport.setup}`);
  if (section.rtcpMux) lines.push('a=rtcp-mux');
  if (section.rtcpReducedSize) lines.push('a=rtcp-rsize');
  if (section.extensionsAllowMixed) lines.push('a=extmap-allow-mixed');
  for (const { id, uri, direction } of section.extensions) {
    lines.push(`a=extmap:${id}${direction === undefined ? '' : `/${direction}`} ${uri}`);
  }
  if (section.msid !== undefined) lines.push(`a=msid:${section.msid}`);
  for (const payloadType of section.payloadTypes) lines.push(...printPayloadType(payloadType));
  for (const feedback of section.feedback) lines.push(printFeedback('*', feedback));
  for (const { semantics, ssrcs } of section.sourceGroups) lines.push(`a=ssrc-group:${[semantics, ...ssrcs].join(' ')}`);
  for (const { ssrc, attributes } of section.sources) {
    for (const { name, value } of attributes) lines.push(`a=ssrc:${ssrc} ${value === undefined ? name : `${name}:${value}`}`);
  }
  for (const candidate of transport.candidates) lines.push(`a=${printCandidate(candidate)}`);
  return lines;
}

function printPayloadType(payloadType: PayloadType): string[] {
  const { id, name, clockRate, channels, parameters } = payloadType;
  const lines: string[] = [];
  if (name !== undefined) {
    lines.push(`a=rtpmap:${id} ${name}/${clockRate ?? '8000'}${channels === undefined ? '' : `/${channels}`}`);
  }
  for (const feedback of payloadType.feedback) lines.push(printFeedback(id, feedback));
  if (parameters.length > 0) {
    const format = parameters.map((parameter) => (parameter.name === '' ? parameter.value : `${parameter.name}=${parameter.value}`));
    lines.push(`a=fmtp:${id} ${format.join(';')}`);
  }
  return lines;
}

function printFeedback(id: string, { type, subtype }: RtcpFeedback): string {
  return `a=rtcp-fb:${id} ${type}${subtype === undefined ? '' : ` ${subtype}`}`;
}
