package dev.sotto.signalling.xml;

/** Character data, unescaped. */
public record Text(String value) implements Node {}
