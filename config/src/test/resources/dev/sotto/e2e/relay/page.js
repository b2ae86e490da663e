// One member of a conference. The test drives it: offer(), then answer() with what the relay has said of itself, then
// state(). There is one send section for each kind and as many receive sections as there are slots.
'use strict';

const member = {};
window.member = member;
const DESCRIPTOR = 'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension';

function enableDescriptor(transceiver) {
  const extensions = transceiver.getHeaderExtensionsToNegotiate();
  for (const extension of extensions) {
    if (extension.uri === DESCRIPTOR) extension.direction = 'sendrecv';
  }
  transceiver.setHeaderExtensionsToNegotiate(extensions);
}

function prefer(transceiver, codec) {
  const all = RTCRtpReceiver.getCapabilities('video').codecs;
  const wanted = all.filter(c => c.mimeType === `video/${codec}` && (codec !== 'VP9' || /profile-id=0/.test(c.sdpFmtpLine)));
  transceiver.setCodecPreferences([...wanted.slice(0, 1), ...all.filter(c => c.mimeType === 'video/rtx')]);
}

function crypt(target, encrypting, codec) {
  target.transform = new RTCRtpScriptTransform(new Worker('crypt.js'), {encrypting, av1: codec === 'AV1'});
}

member.offer = async ({codec, layers, width, height, fps, audioSlots, videoSlots}) => {
  const pc = member.pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  const stream = await navigator.mediaDevices.getUserMedia(
      {audio: true, video: width ? {width, height, frameRate: fps} : false});
  member.codec = codec;
  const audio = pc.addTransceiver(stream.getAudioTracks()[0], {direction: 'sendonly'});
  crypt(audio.sender, true);
  if (width) {
    const encodings = layers === 'simulcast'
        ? [{rid: 'q', scaleResolutionDownBy: 4}, {rid: 'h', scaleResolutionDownBy: 2}, {rid: 'f'}]
            .map(e => ({...e, scalabilityMode: 'L1T3'}))
        : [{scalabilityMode: layers}];
    const video = pc.addTransceiver(stream.getVideoTracks()[0], {direction: 'sendonly', sendEncodings: encodings});
    enableDescriptor(video);
    prefer(video, codec);
    crypt(video.sender, true, codec);
    member.video = video;
  }
  for (let i = 0; i < audioSlots; i++) {
    crypt(pc.addTransceiver('audio', {direction: 'recvonly'}).receiver, false);
  }
  for (let i = 0; i < videoSlots; i++) {
    const slot = pc.addTransceiver('video', {direction: 'recvonly'});
    enableDescriptor(slot);
    crypt(slot.receiver, false, codec);
  }
  pc.ontrack = ({track}) => {
    if (track.kind !== 'video') {
      const sound = new Audio();
      sound.srcObject = new MediaStream([track]);
      sound.play();
      return;
    }
    const element = document.createElement('video');
    Object.assign(element, {muted: true, autoplay: true, srcObject: new MediaStream([track]), width: 320});
    document.getElementById('videos').append(element);
  };
  await pc.setLocalDescription();
};

function value(text, name) {
  return text.match(new RegExp(`^a=${name}:?(.*)$`, 'm'))?.[1].trim();
}

function payloadTypes(section) {
  return [...section.matchAll(/^a=rtpmap:(\d+) ([^/\s]+)\/(\d+)(?:\/(\d+))?/gm)].map(([, id, name, rate, channels]) => ({
    id: Number(id), name, clockrate: Number(rate), channels: Number(channels ?? 1),
    parameters: Object.fromEntries((value(section, `fmtp:${id}`) ?? '').split(';').filter(p => p.includes('='))
        .map(p => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)])),
    'rtcp-fbs': [...section.matchAll(new RegExp(`^a=rtcp-fb:${id} (\\S+) ?(\\S*)`, 'gm'))]
        .map(([, type, subtype]) => subtype ? {type, subtype} : {type}),
  }));
}

// What the relay is told of this member, as COLIBRI2 in JSON.
member.endpoint = (id, slots, constraints) => {
  const sdp = member.pc.localDescription.sdp;
  const sections = sdp.split(/(?=m=)/).slice(1);
  const [hash, fingerprint] = value(sdp, 'fingerprint').split(' ');
  const medias = ['audio', 'video'].flatMap(type => {
    const section = sections.find(s => s.startsWith(`m=${type}`));
    return section ? [{
      type, 'extmap-allow-mixed': true, 'payload-types': payloadTypes(section),
      'rtp-hdrexts': [...section.matchAll(/^a=extmap:(\d+)(?:\/\w+)? (\S+)/gm)].map(m => ({id: Number(m[1]), uri: m[2]})),
    }] : [];
  });
  const sources = sections.filter(s => /^a=sendonly/m.test(s)).map(section => {
    const type = section.match(/^m=(\w+)/)[1];
    const rids = [...section.matchAll(/^a=rid:(\w+) send/gm)].map(([, rid]) => ({rid}));
    const ssrcs = [...new Set([...section.matchAll(/^a=ssrc:(\d+)/gm)].map(m => Number(m[1])))];
    const source = {type, id: `${id}-${type[0]}0`, mid: value(section, 'mid')};
    if (rids.length) return {...source, sources: rids};
    return ssrcs.length > 1
        ? {...source, sources: ssrcs, 'ssrc-groups': [{semantics: 'FID', sources: ssrcs}]}
        : {...source, sources: ssrcs};
  });
  return {
    id, create: true, medias, sources, 'receive-slots': slots, ...(constraints ? {constraints} : {}),
    transport: {'ice-controlling': true, transport: {
      xmlns: 'urn:xmpp:jingle:transports:ice-udp:1', 'rtcp-mux': true,
      ufrag: value(sdp, 'ice-ufrag'), pwd: value(sdp, 'ice-pwd'),
      fingerprints: [{hash, setup: 'active', fingerprint}],
    }},
  };
};

// The relay's answer: the sections of the offer turned round, with the slots' SSRCs where it sends.
member.answer = async ({endpoints}, slots) => {
  const {ufrag, pwd: password, fingerprints: [{hash, fingerprint}], candidates: [{ip, port}]} =
      endpoints[0].transport.transport;
  const [session, ...sections] = member.pc.localDescription.sdp.split(/(?=m=)/);
  const group = session.match(/^a=group:.*$/m)[0];
  const answer = [`v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n${group}\r\na=ice-lite\r\na=extmap-allow-mixed\r\n`];
  const left = {audio: [...slots.audio], video: [...slots.video]};
  for (const section of sections) {
    const kind = section.match(/^m=(\w+)/)[1];
    const lines = section.split('\r\n').filter(line =>
        /^(m=|c=|a=(mid|rtcp-mux|extmap|rtpmap|rtcp-fb|fmtp)\b)/.test(line));
    lines.push(`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${password}`, `a=fingerprint:${hash} ${fingerprint}`,
        'a=setup:passive', `a=candidate:1 1 udp 2130706431 ${ip} ${port} typ host`, 'a=end-of-candidates');
    if (/^a=sendonly/m.test(section)) {
      lines.push('a=recvonly');
      for (const [, rid] of section.matchAll(/^a=rid:(\w+) send/gm)) lines.push(`a=rid:${rid} recv`);
      const simulcast = section.match(/^a=simulcast:send (\S+)/m);
      if (simulcast) lines.push(`a=simulcast:recv ${simulcast[1]}`);
    } else {
      const slot = left[kind].shift();
      lines.push('a=sendonly', `a=msid:slot${slot.ssrc} track${slot.ssrc}`);
      if (slot['rtx-ssrc']) lines.push(`a=ssrc-group:FID ${slot.ssrc} ${slot['rtx-ssrc']}`);
      for (const ssrc of [slot.ssrc, slot['rtx-ssrc']].filter(Boolean)) lines.push(`a=ssrc:${ssrc} cname:slot${slot.ssrc}`);
    }
    answer.push(lines.join('\r\n') + '\r\n');
  }
  await member.pc.setRemoteDescription({type: 'answer', sdp: answer.join('')});
};

member.state = async () => {
  const stats = [...(await member.pc.getStats()).values()];
  const inbound = kind => stats.filter(s => s.type === 'inbound-rtp' && s.kind === kind).map(s => ({
    ssrc: s.ssrc, packets: s.packetsReceived, lost: s.packetsLost, frames: s.framesDecoded ?? 0,
    height: s.frameHeight ?? 0, freezes: s.freezeCount ?? 0, frozen: s.totalFreezesDuration ?? 0, pli: s.pliCount ?? 0,
    nack: s.nackCount ?? 0, dropped: s.framesDropped ?? 0, samples: s.totalSamplesReceived ?? 0,
    level: s.audioLevel ?? 0, rtx: s.retransmittedPacketsReceived ?? 0, key: s.keyFramesDecoded ?? 0,
  }));
  return {
    connection: member.pc.connectionState,
    audio: inbound('audio'),
    video: inbound('video'),
    sent: stats.filter(s => s.type === 'outbound-rtp' && s.kind === 'video').map(s => ({
      rid: s.rid ?? '', frames: s.framesEncoded, height: s.frameHeight, bytes: s.bytesSent,
      limited: s.qualityLimitationReason, target: s.targetBitrate, pli: s.pliCount, mode: s.scalabilityMode,
    })),
  };
};
