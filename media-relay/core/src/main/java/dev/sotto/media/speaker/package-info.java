/**
 * Who speaks, from the audio levels that clients put on their packets (RFC 6464): the dominant
 * speaker of a conference, the loudest ones that get the audio slots, and the order in which people
 * have spoken last. Speakers are small numbers that the owner gives out; audio itself is never
 * seen.
 */
package dev.sotto.media.speaker;
