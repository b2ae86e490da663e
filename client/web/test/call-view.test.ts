import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallView } from '../page/call-view';
import { xml } from '../src/xmpp/xml';
import recordedAnswer from './data/chromium-156-answer.sdp?raw';
import recordedOffer from './data/chromium-156-offer.sdp?raw';
import { type Device, MemoryServer, MemoryStream, RecordedConnection, signIn } from './harness';

RecordedConnection.offer = recordedOffer;
RecordedConnection.answer = recordedAnswer;
vi.stubGlobal('MediaStream', MemoryStream);

let alice: Device;
let bob: Device;
const pass = (ms = 100) => vi.advanceTimersByTimeAsync(ms);

beforeEach(async () => {
  vi.useFakeTimers();
  const server = new MemoryServer();
  server.services.push(xml('service', { type: 'turn', host: 'turn.example.org', port: 3478, transport: 'udp', username: 'u', password: 'p' }));
  alice = signIn(server, 'alice');
  bob = signIn(server, 'bob');
  await pass(2000);
});

afterEach(() => {
  alice.client.close();
  bob.client.close();
  vi.useRealTimers();
});

describe('a relayed call that is lost', () => {
  it('says that it is lost and promises nothing', async () => {
    const call = alice.client.call('bob@example.org', { relayOnly: true });
    const view = new CallView(call, 'Bob');
    const notice = () => {
      const element = view.element.querySelector<HTMLElement>('[data-testid="call-notice"]');
      return element?.hidden ? undefined : element?.textContent;
    };
    await pass();
    expect(notice()).toBe('Your network address stays hidden in this call.');
    bob.client.currentCall?.answer();
    await pass();
    alice.connections[0]?.become('disconnected');
    await pass(1000);
    expect(call.state).toBe('interrupted');
    expect(view.element.querySelector('[data-testid="call-state"]')?.textContent).toBe('Connection lost. Trying to get it back…');
    expect(notice()).toBeUndefined();
    view.close();
  });
});
