package io.datapunk.vectors.index;

import java.util.List;

class FlatFormatTest extends ShardFormatContract {
    @Override
    ShardFormat format() {
        return new FlatFormat();
    }

    @Override
    int effort() {
        return 1;
    }

    @Override
    List<String> files() {
        return List.of();
    }
}
