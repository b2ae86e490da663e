/** An SDP that cannot be read, or a value that may not be written into one. */
export class SdpError extends Error {
  override readonly name = 'SdpError';
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface RtcpFeedback {
  readonly type: string;
  readonly subtype?: string;
}

export interface FormatParameter {
  /** Empty for formats that are not name=value, such as `0-15` of telephone-event or `111/111` of RED. */
  readonly name: string;
  readonly value: string;
}

/** One format of an m-line with its `a=rtpmap`, `a=fmtp` and `a=rtcp-fb` (RFC 8866 §6.6, §6.15; RFC 4585 §4.2). */
export interface PayloadType {
  readonly id: string;
  readonly name?: string;
  readonly clockRate?: string;
  readonly channels?: string;
  readonly parameters: readonly FormatParameter[];
  readonly feedback: readonly RtcpFeedback[];
}

/** `a=extmap` (RFC 8285 §5). */
export interface HeaderExtension {
  readonly id: string;
  readonly uri: string;
  readonly direction?: Direction;
}

/** All `a=ssrc` lines of one SSRC (RFC 5576 §4.1). */
export interface Source {
  readonly ssrc: string;
  readonly attributes: readonly { readonly name: string; readonly value?: string }[];
}

/** `a=ssrc-group` (RFC 5576 §4.2). */
export interface SourceGroup {
  readonly semantics: string;
  readonly ssrcs: readonly string[];
}

/** `a=candidate` (RFC 8839 §5.1; tcptype of RFC 6544). */
export interface Candidate {
  readonly foundation: string;
  readonly component: string;
  readonly protocol: string;
  readonly priority: string;
  readonly ip: string;
  readonly port: string;
  readonly type: string;
  readonly relatedAddress?: string;
  readonly relatedPort?: string;
  readonly tcpType?: string;
  readonly generation?: string;
  readonly networkId?: string;
}

/** ICE and DTLS parameters of one m-section (RFC 8839 §5, RFC 8842 §5). */
export interface Transport {
  readonly ufrag?: string;
  readonly password?: string;
  readonly options: readonly string[];
  readonly fingerprints: readonly { readonly hash: string; readonly value: string }[];
  readonly setup?: string;
  readonly candidates: readonly Candidate[];
}

/** One m-section in the terms that Jingle carries (XEP-0167 §4). */
export interface MediaSection {
  readonly mid: string;
  readonly kind: string;
  readonly protocol: string;
  /** False when the port is 0, unless bundled: the section is refused (RFC 3264 §6). */
  readonly accepted: boolean;
  readonly direction: Direction;
  readonly rtcpMux: boolean;
  readonly rtcpReducedSize: boolean;
  readonly payloadTypes: readonly PayloadType[];
  /** `a=rtcp-fb:*` */
  readonly feedback: readonly RtcpFeedback[];
  readonly extensions: readonly HeaderExtension[];
  readonly extensionsAllowMixed: boolean;
  readonly sources: readonly Source[];
  readonly sourceGroups: readonly SourceGroup[];
  /** `a=msid`: stream and track (RFC 8830). */
  readonly msid?: string;
  readonly transport: Transport;
}

export interface Group {
  readonly semantics: string;
  readonly mids: readonly string[];
}

export interface SessionDescription {
  readonly groups: readonly Group[];
  readonly media: readonly MediaSection[];
}
