/**
 * What the server itself answers: one {@link dev.sotto.signalling.service.IqHandler} a protocol,
 * and disco#info made from them, so that it cannot advertise what is not there.
 */
package dev.sotto.signalling.service;
