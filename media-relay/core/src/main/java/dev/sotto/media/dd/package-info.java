/**
 * The Dependency Descriptor RTP header extension (AV1 RTP specification, appendix A): a reader with
 * the template state of one encoding, the parsed descriptor of one packet, and a writer that
 * renumbers it. Knows neither RTP headers nor who receives what.
 */
package dev.sotto.media.dd;
