package dev.sotto.signalling.stream;

import dev.sotto.signalling.xml.Attribute;
import dev.sotto.signalling.xml.Element;
import dev.sotto.signalling.xml.XmlFault;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a stream ends (RFC 6120 section 4.9.3), with a sentence for the other side's developer and,
 * where a protocol defines one, an element of its own (section 4.9.4).
 */
public record StreamError(Condition condition, String text, Optional<Element> detail) {

  /** An error that needs no element beside its condition. */
  public StreamError(Condition condition, String text) {
    this(condition, text, Optional.empty());
  }

  /** Defined conditions; the wire name is the constant's with hyphens. */
  public enum Condition {
    BAD_FORMAT,
    BAD_NAMESPACE_PREFIX,
    CONFLICT,
    CONNECTION_TIMEOUT,
    HOST_UNKNOWN,
    INTERNAL_SERVER_ERROR,
    INVALID_FROM,
    INVALID_NAMESPACE,
    NOT_AUTHORIZED,
    NOT_WELL_FORMED,
    POLICY_VIOLATION,
    RESET,
    RESOURCE_CONSTRAINT,
    RESTRICTED_XML,
    SYSTEM_SHUTDOWN,
    UNDEFINED_CONDITION,
    UNSUPPORTED_ENCODING,
    UNSUPPORTED_STANZA_TYPE,
    UNSUPPORTED_VERSION;

    /** The element's name. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** For all, when the server stops. */
  public static final StreamError SHUTDOWN =
      new StreamError(Condition.SYSTEM_SHUTDOWN, "the server is going down");

  /** The stream error for input that is not XML as XMPP wants it. */
  public static StreamError of(XmlFault fault) {
    Condition condition =
        switch (fault.kind()) {
          case NOT_WELL_FORMED -> Condition.NOT_WELL_FORMED;
          case RESTRICTED_XML -> Condition.RESTRICTED_XML;
          case BAD_NAMESPACE_PREFIX -> Condition.BAD_NAMESPACE_PREFIX;
          case POLICY_VIOLATION -> Condition.POLICY_VIOLATION;
          case UNSUPPORTED_ENCODING -> Condition.UNSUPPORTED_ENCODING;
          case BAD_FORMAT -> Condition.BAD_FORMAT;
        };
    return new StreamError(condition, fault.getMessage());
  }

  /** {@code <stream:error/>}. */
  public Element toElement() {
    Element error =
        Element.of(Namespaces.STREAMS, "error")
            .plus(Element.of(Namespaces.STREAM_ERRORS, condition.wireName()));
    if (!text.isEmpty()) {
      error =
          error.plus(
              new Element(
                      Namespaces.STREAM_ERRORS, "text", List.of(Attribute.lang("en")), List.of())
                  .plus(text));
    }
    return detail.map(error::plus).orElse(error);
  }
}
