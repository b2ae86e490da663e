package dev.sotto.signalling;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** The certificate chain, leaf first, and private key that TLS listeners present. */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {}
