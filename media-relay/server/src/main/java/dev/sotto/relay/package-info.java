/**
 * The shell around the media core: workers with their sockets, conferences, and the ways in which
 * they are steered. See the packages below; nothing lives here itself.
 */
package dev.sotto.relay;
