package dev.sotto.signalling.xml;

/** What an {@link Element} contains: elements and text, in document order. */
public sealed interface Node permits Element, Text {}
