/**
 * The Java client: callers, bots and load. End-to-end keys (MLS, SFrame) live here and in the web
 * client, never in a server module. Empty until the first bot is built.
 */
package dev.sotto.client;
