package dev.sotto.media.rtp;

import java.util.Arrays;

/**
 * The negotiated local identifiers of one media description: 1 to 14, or up to 255 (RFC 8285
 * section 5). Immutable. With {@code extmap-allow-mixed} (section 6) packets of both forms may
 * alternate; without it all are of the form that the greatest identifier asks for.
 */
public final class ExtensionMap {
  public static final int MIN_ID = 1;
  public static final int MAX_ONE_BYTE_ID = 14;
  public static final int MAX_ID = 255;

  /** No extension was negotiated. */
  public static final ExtensionMap EMPTY = new Builder().build();

  /** What {@link #id} says of a type that was not negotiated. */
  public static final int NONE = 0;

  private static final byte NO_TYPE = -1;

  private final int[] idByType;
  private final byte[] typeById;
  private final boolean mixedAllowed;
  private final boolean twoByteNeeded;

  private ExtensionMap(int[] idByType, boolean mixedAllowed) {
    this.idByType = idByType;
    this.mixedAllowed = mixedAllowed;
    typeById = new byte[MAX_ID + 1];
    Arrays.fill(typeById, NO_TYPE);
    boolean greater = false;
    for (int type = 0; type < idByType.length; type++) {
      if (idByType[type] != NONE) {
        typeById[idByType[type]] = (byte) type;
        greater |= idByType[type] > MAX_ONE_BYTE_ID;
      }
    }
    twoByteNeeded = greater;
  }

  /** The identifier of a type, or {@link #NONE}. */
  public int id(ExtensionType type) {
    return idByType[type.index()];
  }

  /** The identifier of the type with this index, or {@link #NONE}. */
  int idAt(int typeIndex) {
    return idByType[typeIndex];
  }

  public boolean has(ExtensionType type) {
    return id(type) != NONE;
  }

  public boolean isMixedAllowed() {
    return mixedAllowed;
  }

  /** Whether an identifier is beyond what the one-byte form can say. */
  boolean needsTwoByteForm() {
    return twoByteNeeded;
  }

  /** The ordinal of the type with this identifier, 0 to 255, or a negative number. */
  int typeOrdinal(int id) {
    return typeById[id];
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects identifiers; the map is made once they are all known. */
  public static final class Builder {
    private final int[] idByType = new int[ExtensionType.COUNT];
    private boolean mixedAllowed;

    private Builder() {}

    /**
     * Gives a type its identifier.
     *
     * @throws IllegalArgumentException if the identifier is not 1 to 255 or is another type's
     */
    public Builder put(ExtensionType type, int id) {
      if (id < MIN_ID || id > MAX_ID) {
        throw new IllegalArgumentException("no local identifier of a header extension: " + id);
      }
      for (int other = 0; other < idByType.length; other++) {
        if (idByType[other] == id && other != type.index()) {
          throw new IllegalArgumentException(
              "identifier " + id + " is taken by " + ExtensionType.at(other));
        }
      }
      idByType[type.index()] = id;
      return this;
    }

    public Builder allowMixed(boolean allowed) {
      mixedAllowed = allowed;
      return this;
    }

    public ExtensionMap build() {
      return new ExtensionMap(idByType.clone(), mixedAllowed);
    }
  }
}
