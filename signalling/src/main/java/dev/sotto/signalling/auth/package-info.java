/** Who a client is: JWTs of the app (RFC 7519) and the SASL mechanisms that carry them. */
package dev.sotto.signalling.auth;
