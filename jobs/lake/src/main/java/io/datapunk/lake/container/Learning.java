package io.datapunk.lake.container;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.InputStream;

/** What is found out about an entry while it is staged. It is kept beside it, so that it is found out once. */
public interface Learning<T> {
    /** Tells one learning from another: what was staged for one is not taken for another. */
    String name();

    /** How it is read from JSON again. */
    TypeReference<T> type();

    /** Reads the entry from its first byte to its end, and closes it. */
    T from(InputStream entry) throws IOException;
}
