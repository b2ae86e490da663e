import { describe, expect, it } from 'vitest';
import recordedAnswer from './data/chromium-156-answer.sdp?raw';
import recordedOffer from './data/chromium-156-offer.sdp?raw';
import { parseCandidate, printCandidate } from '../src/jingle/candidate';
import { answerFromJingle, offerFromJingle, readCandidate } from '../src/jingle/from-jingle';
import { type MediaSection, SdpError } from '../src/jingle/sdp';
import { parseSdp } from '../src/jingle/sdp-parse';
import { printSdp } from '../src/jingle/sdp-print';
import { candidateXml, toJingle } from '../src/jingle/to-jingle';
import { NS } from '../src/xmpp/namespaces';
import { parseXml, type Xml, xml } from '../src/xmpp/xml';

const offer = parseSdp(recordedOffer);
const answer = parseSdp(recordedAnswer);
/** Through text, as it travels. */
const carry = (contents: readonly Xml[]) => parseXml(xml('jingle', { xmlns: NS.jingle }, ...contents).toString());
const withoutTrifles = (section: MediaSection) => ({
  ...section,
  transport: { ...section.transport, candidates: section.transport.candidates.map((candidate) => ({ ...candidate, generation: '0' })) },
});

/** Chromium's answers name stream and track for the section only; peers look for them on each source (XEP-0339). */
const withMsidOnSources = (section: MediaSection): MediaSection => ({
  ...section,
  sources: section.sources.map(({ ssrc, attributes }) => ({
    ssrc, attributes: [...attributes, { name: 'msid', value: section.msid ?? '' }],
  })),
});

describe('a Chromium offer', () => {
  const jingle = carry(toJingle(offer, 'initiator'));
  const back = offerFromJingle(jingle, 'initiator');

  it('comes back from Jingle with every attribute', () => {
    expect(back.groups).toEqual(offer.groups);
    expect(back.media.map(withoutTrifles)).toEqual(offer.media.map(withoutTrifles));
  });

  it('comes back from a second trip through SDP unchanged', () => {
    const again = parseSdp(printSdp(back, '1'));
    expect(again.media.map(withoutTrifles)).toEqual(back.media.map(withoutTrifles));
  });

  it('names its parts as the XEPs do', () => {
    const [audio, video] = jingle.all('content');
    const opus = audio?.child('description', NS.rtp)?.all('payload-type').find((type) => type.attribute('name') === 'opus');
    expect(opus?.attributes).toMatchObject({ clockrate: '48000', channels: '2' });
    expect(opus?.all('parameter').map((parameter) => parameter.attribute('name'))).toContain('useinbandfec');
    expect(opus?.child('rtcp-fb', NS.rtcpFeedback)?.attribute('type')).toBe('transport-cc');
    expect(audio?.child('transport', NS.iceUdp)?.child('fingerprint', NS.dtls)?.attribute('setup')).toBe('actpass');
    const sources = video?.child('description', NS.rtp)?.all('source', NS.sourceAttributes) ?? [];
    expect(sources).toHaveLength(2);
    expect(sources[0]?.all('parameter').map((parameter) => parameter.attribute('name'))).toEqual(['cname', 'msid']);
    expect(jingle.child('group', NS.grouping)?.attribute('semantics')).toBe('BUNDLE');
  });
});

describe('an answer', () => {
  it('comes back from Jingle with every attribute', () => {
    const back = answerFromJingle(carry(toJingle(answer, 'responder')), 'responder', offer);
    expect(back.media.map(withoutTrifles)).toEqual(answer.media.map(withMsidOnSources).map(withoutTrifles));
  });

  it('refuses the lines whose contents are left out, and keeps their order', () => {
    const contents = toJingle(answer, 'responder').filter((element) => element.attribute('name') !== '0');
    const back = answerFromJingle(carry(contents), 'responder', offer);
    expect(back.media.map(({ mid, accepted }) => [mid, accepted])).toEqual([['0', false], ['1', true]]);
    expect(back.groups).toEqual([{ semantics: 'BUNDLE', mids: ['1'] }]);
    expect(printSdp(back, '2')).toContain('m=audio 0 ');
  });

  it('chooses a DTLS role where the peer repeated actpass', () => {
    const text = carry(toJingle(answer, 'responder')).toString().replaceAll('setup="active"', 'setup="actpass"');
    expect(answerFromJingle(parseXml(text), 'responder', offer).media[0]?.transport.setup).toBe('active');
  });
});

/** One payload type, no group, no sources, no trickle: as small as a peer may make it. */
const spare = (inner = '', attributes = "name='voice'") => parseXml(`<jingle xmlns='${NS.jingle}'>
  <content creator='initiator' ${attributes}>
    <description xmlns='${NS.rtp}' media='audio'><payload-type id='96' name='opus' clockrate='48000' channels='2'/>
      <encryption required='1'><crypto crypto-suite='AES_CM_128_HMAC_SHA1_80' key-params='inline:secret' tag='1'/></encryption>${inner}
    </description>
    <transport xmlns='${NS.iceUdp}' ufrag='8hhy' pwd='asd88fgpdd777uzjYhagZg'>
      <fingerprint xmlns='${NS.dtls}' hash='sha-256' setup='actpass'>AA:BB</fingerprint>
      <candidate component='1' foundation='1' generation='0' id='a' ip='10.0.1.1' network='1' port='8998' priority='2130706431' protocol='udp' type='host'/>
    </transport>
  </content></jingle>`);

describe('a spare peer', () => {
  const sdp = printSdp(offerFromJingle(spare(), 'initiator'), '1');

  it('is understood without BUNDLE, sources and rtcp-mux', () => {
    expect(sdp).toContain('m=audio 9 UDP/TLS/RTP/SAVPF 96\r\n');
    expect(sdp).toContain('a=rtcp-mux\r\n');
    expect(sdp).not.toContain('a=group');
    expect(sdp).toContain('a=candidate:1 1 udp 2130706431 10.0.1.1 8998 typ host');
  });

  it('never gets its SDES keys back', () => {
    expect(sdp).not.toMatch(/crypto|inline|secret/);
    expect(carry(toJingle(parseSdp(sdp), 'responder')).toString()).not.toContain('encryption');
  });
});

describe('a hostile peer', () => {
  it.each([
    ['a line break in a parameter', spare("<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='1' uri='x&#10;a=evil'/>")],
    ['a line break in a source', spare("<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1'><parameter name='cname' value='x&#13;&#10;a=evil'/></source>")],
    ['a content name that is no token', spare('', "name='a b'")],
    ['no fingerprint', parseXml(spare().toString().replace(/<fingerprint.*?<\/fingerprint>/s, ''))],
    ['no content', parseXml(`<jingle xmlns='${NS.jingle}'/>`)],
    ['two contents of one name', parseXml(spare().toString().replace(/<content.*<\/content>/s, (content) => content + content))],
  ])('is refused: %s', (_, jingle) => {
    expect(() => printSdp(offerFromJingle(jingle, 'initiator'), '1')).toThrow(SdpError);
  });
});

describe('a candidate', () => {
  it.each([
    'candidate:1 1 udp 1694498815 192.0.2.3 45664 typ srflx raddr 10.0.1.1 rport 8998 generation 0',
    'candidate:2 1 tcp 1518214911 2001:db8::1 9 typ host tcptype active generation 0 network-id 3',
    'candidate:3 1 udp 41885695 198.51.100.1 50000 typ relay raddr 0.0.0.0 rport 0 generation 0',
  ])('keeps its attributes through Jingle: %s', (line) => {
    const transport = parseXml(xml('transport', { xmlns: NS.iceUdp }, candidateXml(parseCandidate(line))).toString());
    const [element] = transport.all('candidate');
    const read = element && readCandidate(element);
    expect(read && printCandidate(read)).toBe(line);
  });

  it('of an unknown kind is passed over', () => {
    expect(readCandidate(xml('candidate', { component: 1, foundation: 1, ip: 'x', port: 1, priority: 1, protocol: 'sctp', type: 'host' }))).toBeUndefined();
  });
});
