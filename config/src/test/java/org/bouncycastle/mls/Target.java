package org.bouncycastle.mls;

/** Stands for the MLS library, which no server may have on its classpath. */
public final class Target {
  private Target() {}
}
