package dev.sotto.turn.protocol;

import dev.sotto.turn.auth.Authentication.Genuine;
import dev.sotto.turn.relay.ClientLink;
import dev.sotto.turn.stun.StunMessage;
import java.net.InetSocketAddress;

/**
 * An authenticated request and where its answer goes. The message is valid until the handler
 * returns.
 */
record Request(StunMessage message, InetSocketAddress client, ClientLink link, Genuine user) {}
