/**
 * The pacer of one receiver: which packet leaves when. It knows packets as handles into memory that
 * its owner keeps, and neither sends nor reads them. Which of those that leave together go as one
 * message.
 */
package dev.sotto.media.pacing;
