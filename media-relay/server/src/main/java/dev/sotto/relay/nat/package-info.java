/**
 * What stands between the relay and the world: learning the addresses by which others reach it.
 * Nothing of media, conferences or control.
 */
package dev.sotto.relay.nat;
