import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Call } from '../src/call/call';
import * as jmi from '../src/jmi/message';
import { bareJid } from '../src/xmpp/jid';
import { NS } from '../src/xmpp/namespaces';
import { type Xml, xml } from '../src/xmpp/xml';
import recordedAnswer from './data/chromium-156-answer.sdp?raw';
import recordedOffer from './data/chromium-156-offer.sdp?raw';
import { type Device, MemoryServer, MemoryStream, RecordedConnection, signIn } from './harness';

RecordedConnection.offer = recordedOffer;
RecordedConnection.answer = recordedAnswer;
vi.stubGlobal('MediaStream', MemoryStream);

let server: MemoryServer;
let alice: Device;
let bob: Device;

const pass = (ms = 100) => vi.advanceTimersByTimeAsync(ms);
const incoming = (device: Device) => device.client.currentCall as Call;
const steps = () => server.log.map((stanza) => {
  const payload = stanza.elements[0];
  return payload?.ns === NS.jingle ? payload.attribute('action') : payload?.ns === NS.jingleMessage ? payload.name : stanza.attribute('type');
}).filter((step) => step !== 'result' && step !== 'transport-info' && step !== 'session-info');
const message = (to: string, payload: Xml, ...more: Xml[]) => xml('message', { xmlns: NS.client, to, type: 'chat' }, payload, ...more);

beforeEach(async () => {
  vi.useFakeTimers();
  server = new MemoryServer();
  server.users.add('alice').add('bob').add('carol');
  alice = signIn(server, 'alice');
  bob = signIn(server, 'bob');
  await pass();
});

afterEach(() => {
  alice.client.close();
  bob.client.close();
  vi.useRealTimers();
});

async function connected(): Promise<[Call, Call]> {
  const call = alice.client.call('bob@example.org', { video: true });
  await pass();
  const answered = incoming(bob);
  answered.answer();
  await pass();
  expect([call.state, answered.state]).toEqual(['active', 'active']);
  return [call, answered];
}

describe('a call', () => {
  it('goes propose, ringing, proceed (and accept for siblings), session-initiate, session-accept, terminate, finish', async () => {
    const [call, answered] = await connected();
    call.hangup();
    await pass();
    expect(steps()).toEqual([
      'propose', 'ringing', 'proceed', 'accept', 'session-initiate', 'session-accept', 'session-terminate', 'finish', 'finish',
    ]);
    expect([call.ended?.reason, answered.ended?.reason]).toEqual(['hung-up', 'peer-hung-up']);
    expect([...alice.connections, ...bob.connections].every((connection) => connection.closed)).toBe(true);
  });

  it('asks archives to keep each of its messages', async () => {
    await connected();
    const messages = server.log.filter((stanza) => stanza.name === 'message');
    expect(messages.every((stanza) => stanza.child('store', NS.hints) && stanza.attribute('type') === 'chat')).toBe(true);
  });

  it('can be declined', async () => {
    const call = alice.client.call('bob@example.org');
    await pass();
    const declined = incoming(bob);
    declined.decline();
    await pass();
    expect([call.ended?.reason, declined.ended?.reason]).toEqual(['declined', 'declined-here']);
  });

  it('rings on at the other devices when one that rings goes away', async () => {
    const tablet = signIn(server, 'bob');
    const missed = vi.fn();
    bob.client.on('missed', missed);
    await pass();
    const call = alice.client.call('bob@example.org');
    await pass();
    const left = incoming(bob);
    bob.client.close();
    await pass();
    expect(steps()).toEqual(['propose', 'ringing', 'ringing']);
    expect([call.state, left.ended?.reason, incoming(tablet).state]).toEqual(['ringing', 'left', 'incoming']);
    expect(missed).not.toHaveBeenCalled();
    incoming(tablet).answer();
    await pass();
    expect(call.state).toBe('active');
    tablet.client.close();
  });

  it('can be taken back while it rings, and is then missed', async () => {
    const missed = vi.fn();
    bob.client.on('missed', missed);
    const call = alice.client.call('bob@example.org');
    await pass();
    expect(call.state).toBe('ringing');
    call.hangup();
    await pass();
    expect(call.ended?.reason).toBe('cancelled');
    expect(missed).toHaveBeenCalledOnce();
  });

  it('hung up at the moment of the answer is over on both sides', async () => {
    const call = alice.client.call('bob@example.org');
    await pass();
    const answered = incoming(bob);
    call.hangup();
    answered.answer();
    await pass(1000);
    expect([call.ended?.reason, answered.ended?.reason]).toEqual(['cancelled', 'peer-hung-up']);
  });

  it('ends without an answer after its time', async () => {
    const call = alice.client.call('bob@example.org');
    await pass();
    const rung = incoming(bob);
    await pass(45_000);
    expect([call.ended?.reason, rung.ended?.reason]).toEqual(['no-answer', 'missed']);
  });

  it('to somebody offline leaves a missed call there', async () => {
    const call = alice.client.call('carol@example.org');
    await pass(2000);
    expect(call.ended?.reason).toBe('peer-offline');
    expect(steps().slice(0, 2)).toEqual(['propose', 'retract']);
  });

  it('is not begun without a connection, and nothing of it is sent later', async () => {
    server.drop(alice.client.jid);
    const call = alice.client.call('bob@example.org');
    expect(call.ended?.reason).toBe('not-connected');
    await pass(5000);
    expect(alice.client.state).toBe('online');
    expect(steps()).toEqual([]);
  });

  it('ends before it begins when the connection is lost while the microphone is asked for', async () => {
    const call = alice.client.call('bob@example.org');
    server.drop(alice.client.jid);
    expect(call.state).toBe('preparing');
    await pass(5000);
    expect([alice.client.state, call.ended?.reason]).toEqual(['online', 'not-connected']);
    expect(steps()).toEqual([]);
  });

  it('to nobody says so', async () => {
    const call = alice.client.call('nobody@example.org');
    await pass();
    expect(call.ended?.reason).toBe('unknown-user');
  });

  it('finds a person who is in another call busy', async () => {
    const [, running] = await connected();
    const carol = signIn(server, 'carol');
    await pass(2000);
    const call = carol.client.call('bob@example.org');
    await pass();
    expect(call.ended?.reason).toBe('busy');
    expect(running.state).toBe('active');
    carol.client.close();
  });

  it('ends when the other device vanished and media with it', async () => {
    const [call] = await connected();
    server.forge(bob.client.jid, xml('presence', { xmlns: NS.client, to: alice.client.jid, type: 'unavailable' }));
    await pass(9000);
    expect(call.state).toBe('active');
    alice.connections[0]?.become('disconnected');
    await pass(9000);
    expect(call.ended?.reason).toBe('peer-gone');
  });

  it('survives the loss of its own XMPP connection', async () => {
    const [call, answered] = await connected();
    server.drop(alice.client.jid);
    expect(alice.client.state).toBe('reconnecting');
    await pass(2000);
    expect(alice.client.state).toBe('online');
    call.hangup();
    await pass();
    expect(answered.ended?.reason).toBe('peer-hung-up');
  });
});

describe('two calls that cross', () => {
  it('become one, under the lower id', async () => {
    const one = alice.client.call('bob@example.org', { video: true });
    const other = bob.client.call('alice@example.org', { video: true });
    const lower = [one.id, other.id].sort()[0];
    await pass(200);
    expect([one.state, other.state, one.id, other.id]).toEqual(['active', 'active', lower, lower]);
    expect(steps().filter((step) => step === 'session-initiate')).toHaveLength(1);
    const broken = server.log.filter((stanza) => stanza.elements[0]?.elements.some((child) => child.name === 'tie-break'));
    expect(broken.map((stanza) => stanza.elements[0]?.name).sort()).toEqual(['reject', 'retract']);
  });
});

describe('a caller who comes back after a loss', () => {
  it('is answered at once, and the orphan is finished as migrated', async () => {
    const [, answered] = await connected();
    const first = answered.id;
    server.forge('alice@example.org/new', message('bob@example.org', jmi.propose('new-id', ['audio', 'video'])));
    await pass();
    expect(answered.id).toBe('new-id');
    const finish = server.log.find((stanza) => stanza.elements[0]?.name === 'finish')?.elements[0];
    expect([finish?.attribute('id'), finish?.child('migrated')?.attribute('to')]).toEqual([first, 'new-id']);
  });
});

describe('the other devices of the callee', () => {
  it.each([
    ['answers', (call: Call) => call.answer(), 'answered-elsewhere'],
    ['declines', (call: Call) => call.decline(), 'declined-elsewhere'],
  ] as const)('fall silent when one %s', async (_, act, reason) => {
    const tablet = signIn(server, 'bob');
    await pass();
    alice.client.call('bob@example.org');
    await pass();
    const rung = incoming(tablet);
    act(incoming(bob));
    await pass();
    expect(rung.ended?.reason).toBe(reason);
    tablet.client.close();
  });

  it('fall silent when a device of XEP-0353 0.6 sends accept to its own account', async () => {
    const call = alice.client.call('bob@example.org');
    await pass();
    const rung = incoming(bob);
    server.forge('bob@example.org/old-phone', message('bob@example.org', jmi.accept(call.id)));
    await pass();
    expect(rung.ended?.reason).toBe('answered-elsewhere');
  });

  it('believe no carbon that another account made up', async () => {
    const call = alice.client.call('bob@example.org');
    await pass();
    const copy = xml('message', { xmlns: NS.client, from: 'bob@example.org/x', to: 'alice@example.org' }, jmi.proceed(call.id));
    const forged = xml('sent', { xmlns: NS.carbons }, xml('forwarded', { xmlns: NS.forward }, copy));
    server.forge('mallory@example.org/x', message(bob.client.jid, forged));
    await pass();
    expect(incoming(bob).state).toBe('incoming');
  });
});

describe('a call that is answered while its caller is away', () => {
  const answerWhileAway = async () => {
    const call = alice.client.call('bob@example.org');
    await pass();
    const answered = incoming(bob);
    server.admits = (jid) => jid === 'bob@example.org';
    server.crash();
    answered.answer();
    await pass(1000);
    expect([call.state, answered.state, bob.client.state]).toEqual(['ringing', 'connecting', 'online']);
    return [call, answered] as const;
  };

  it('connects when the caller is back', async () => {
    const [call, answered] = await answerWhileAway();
    server.admits = () => true;
    await pass(3000);
    expect([call.state, answered.state]).toEqual(['active', 'active']);
    expect(steps().filter((step) => step === 'proceed')).toHaveLength(2);
  });

  it('connects when the caller was back before the error came', async () => {
    const errors: Xml[] = [];
    server.bounces = (error) => errors.push(error) === 0;
    const [call, answered] = await answerWhileAway();
    server.admits = () => true;
    await pass(3000);
    server.forge(alice.client.jid, errors[0] as Xml);
    await pass();
    expect([call.state, answered.state]).toEqual(['active', 'active']);
  });

  it('ends in seconds when the caller stays away', async () => {
    const [, answered] = await answerWhileAway();
    await pass(8000);
    expect(answered.ended?.reason).toBe('peer-gone');
  });
});

describe('a peer of XEP-0353 0.6', () => {
  it('may answer to the bare JID', async () => {
    server.passes = () => false;
    const call = alice.client.call('dave@example.org');
    await pass();
    server.forge('dave@example.org/old', message('alice@example.org', jmi.ringing(call.id)));
    await pass();
    expect(call.state).toBe('ringing');
    server.forge('dave@example.org/old', message('alice@example.org', jmi.proceed(call.id)));
    await pass(0);
    expect([call.state, call.peerDevice]).toEqual(['connecting', 'dave@example.org/old']);
  });
});

describe('a proposal that was kept while this device was away', () => {
  const kept = (id: string, agoMs: number) => message('bob@example.org', jmi.propose(id, ['audio']),
    xml('delay', { xmlns: NS.delay, stamp: new Date(Date.now() - agoMs).toISOString() }));

  it('never rings when its caller has long given up', async () => {
    const missed = vi.fn();
    bob.client.on('missed', missed);
    server.forge('alice@example.org/a', kept('old', 60_000));
    await pass(1000);
    expect(bob.client.currentCall).toBeUndefined();
    expect(missed).toHaveBeenCalledOnce();
  });

  it('never rings when its retract comes right behind it', async () => {
    const rang = vi.fn();
    const missed = vi.fn();
    bob.client.on('incoming', rang);
    bob.client.on('missed', missed);
    server.forge('alice@example.org/a', kept('short', 5000));
    server.forge('alice@example.org/a', message('bob@example.org', jmi.retract('short', 'cancel')));
    await pass(1000);
    expect(rang).not.toHaveBeenCalled();
    expect(missed).toHaveBeenCalledOnce();
  });

  it('rings when it is fresh', async () => {
    server.forge('alice@example.org/a', kept('fresh', 1000));
    await pass(1000);
    expect(incoming(bob).id).toBe('fresh');
  });
});

describe('a Jingle request', () => {
  const replies: Xml[] = [];
  const request = async (from: string, sid: string, action: string, ...payload: Xml[]) => {
    replies.length = 0;
    const jingle = xml('jingle', { xmlns: NS.jingle, action, sid }, ...payload);
    const before = server.log.length;
    server.forge(from, xml('iq', { xmlns: NS.client, type: 'set', id: 'q', to: bob.client.jid }, jingle));
    await pass();
    const reply = server.log.slice(before).find((stanza) => stanza.attribute('id') === 'q');
    return reply?.child('error')?.elements.map((element) => element.name) ?? reply?.attribute('type');
  };

  it('of anyone but the call’s own device is about an unknown session', async () => {
    const [, answered] = await connected();
    for (const from of ['mallory@example.org/x', 'alice@example.org/other', bareJid(alice.client.jid)]) {
      expect(await request(from, answered.id, 'session-terminate')).toEqual(['item-not-found', 'unknown-session']);
    }
    expect(answered.state).toBe('active');
  });

  it('about another session is about an unknown session', async () => {
    await connected();
    expect(await request(alice.client.jid, 'other', 'session-info')).toEqual(['item-not-found', 'unknown-session']);
  });

  it('out of order, unsupported or unknown gets the error that XEP-0166 names', async () => {
    const [, { id }] = await connected();
    expect(await request(alice.client.jid, id, 'session-accept')).toEqual(['unexpected-request', 'out-of-order']);
    expect(await request(alice.client.jid, id, 'session-initiate')).toEqual(['unexpected-request', 'out-of-order']);
    expect(await request(alice.client.jid, id, 'content-add')).toEqual(['feature-not-implemented']);
    const info = xml('dance', { xmlns: 'urn:example' });
    expect(await request(alice.client.jid, id, 'session-info', info)).toEqual(['feature-not-implemented', 'unsupported-info']);
    expect(await request(alice.client.jid, id, 'session-info')).toBe('result');
  });

  it('that offers nothing usable is refused and ends the call', async () => {
    server.forge('carol@example.org/x', message('bob@example.org', jmi.propose('bad', ['audio'])));
    await pass();
    const call = incoming(bob);
    call.answer();
    await pass();
    expect(await request('carol@example.org/x', 'bad', 'session-initiate')).toContain('bad-request');
    expect(call.ended?.reason).toBe('incompatible');
  });
});

describe('candidates', () => {
  it('that arrive before the description wait for it', async () => {
    server.passes = (stanza) => stanza.elements[0]?.attribute('action') !== 'session-accept';
    const call = alice.client.call('bob@example.org', { video: true });
    await pass();
    incoming(bob).answer();
    await pass();
    const candidate = xml('candidate', { component: 1, foundation: 1, ip: '192.0.2.9', port: 9, priority: 1, protocol: 'udp', type: 'host', id: 'x' });
    const content = xml('content', { creator: 'initiator', name: '0' }, xml('transport', { xmlns: NS.iceUdp }, candidate));
    const jingle = xml('jingle', { xmlns: NS.jingle, action: 'transport-info', sid: call.id }, content);
    server.forge(bob.client.jid, xml('iq', { xmlns: NS.client, type: 'set', id: 'early', to: alice.client.jid }, jingle));
    await pass();
    expect(alice.connections[0]?.candidates).toEqual([]);
    const accept = server.log.find((stanza) => stanza.elements[0]?.attribute('action') === 'session-accept') as Xml;
    server.forge(bob.client.jid, accept);
    await pass();
    expect(alice.connections[0]?.candidates).toMatchObject([{ sdpMid: '0' }]);
    expect(call.state).toBe('active');
  });
});

describe('signing in', () => {
  it('with a token that the server refuses is final and says why', async () => {
    const { Client } = await import('../src/client');
    const client = new Client({ url: 'memory:', jid: 'eve@example.org', token: 'bad', transport: server.transport });
    const states = vi.fn();
    client.on('connection', states);
    await pass(60_000);
    expect(states).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({
      state: 'closed', error: expect.objectContaining({ condition: 'not-authorized', text: 'The token has expired.' }) as unknown,
    }));
  });
});
